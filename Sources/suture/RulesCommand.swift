import ArgumentParser
import Processor

/// Lists the rules.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "List the rules that entries are held against.",
        discussion: """
            An entry that a rule refuses is rejected; where the rule says held, the entry waits while it may still \
            come true; a warning leaves it applied. Rules marked as not enforced yet refuse nothing.
            """)

    @Flag(name: .long, help: .hidden)
    var markdown = false

    @OptionGroup(visibility: .hidden) var workspace: WorkspaceOptions

    @Option(name: .long, help: "Print text or json.")
    var format = OutputFormat.text

    func run() throws {
        try ExitStatus.reporting {
            let listing = RuleListing()
            if markdown {
                print(listing.markdown, terminator: "")
            } else {
                print(format == .json ? try listing.json() : listing.text)
            }
        }
    }
}
