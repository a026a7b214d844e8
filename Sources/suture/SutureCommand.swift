import ArgumentParser
import Processor

/// The program: its commands, and what they have in common.
@main
struct SutureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suture",
        abstract: "Takes the files that a surgical clinic's systems drop, decides each entry, and writes the answers.",
        discussion: """
            Files are dropped into the workspace's inbox/ (CSV, HL7 v2 or XML). Bills, consents, theater lists, \
            receipts, acknowledgments and rejection reports appear in its outbox/.

            Start with:  suture init clinic-1      make a workspace with the example clinic
                         suture run --workspace clinic-1 --once
            """,
        version: SutureVersion.text,
        subcommands: [
            InitCommand.self, RunCommand.self, ListenCommand.self, CheckCommand.self, StatusCommand.self,
            HoldsCommand.self, ExplainCommand.self,
            FormsCommand.self,
            RulesCommand.self, AuditCommand.self, VersionCommand.self,
        ])
}

/// What this program is called and which of its versions it is.
enum SutureVersion {
    static let text = "0.1.0"
}

/// Prints the version.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() { print("suture \(SutureVersion.text)") }
}

/// Where the workspace is.
struct WorkspaceOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The clinic's workspace folder.", valueName: "dir"))
    var workspace = "."

    var place: Workspace { Workspace(root: workspace) }
}

/// How answers are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}
