import ArgumentParser
import Processor

/// Lists the rules.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "List the rules that entries are held against, or print one.",
        discussion: """
            An entry that a rule refuses is rejected; where the rule says held, the entry waits while it may still \
            come true; a warning leaves it applied. Rules marked as not enforced yet refuse nothing. Ends with 65 \
            when no rule has the code.
            """)

    @Argument(help: "The rule, as findings name it; all are listed where none is named.")
    var code: String?

    @Flag(name: .long, help: .hidden)
    var markdown = false

    @OptionGroup(visibility: .hidden) var workspace: WorkspaceOptions

    @Option(name: .long, help: "Print text or json.")
    var format = OutputFormat.text

    func run() throws {
        try ExitStatus.reporting {
            if let code { return try show(code) }
            let listing = RuleListing()
            if markdown {
                print(listing.markdown, terminator: "")
            } else {
                print(format == .json ? try listing.json() : listing.text)
            }
        }
    }

    private func show(_ code: String) throws {
        do {
            let sheet = try RuleSheet(code: code)
            print(format == .json ? try sheet.json() : sheet.text)
        } catch let unknown as UnknownRule {
            ExitStatus.complain("suture: \(unknown)")
            throw ExitStatus.data
        }
    }
}
