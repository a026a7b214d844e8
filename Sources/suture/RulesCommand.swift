import ArgumentParser
import Clinic
import Processor

/// Lists the rules.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "List the rules that entries are held against, or print one.",
        discussion: """
            An entry that a rule refuses is rejected; where the rule says held, the entry waits while it may still \
            come true; a warning leaves it applied; some may be overridden, as docs/policy.md says. Ends with 65 \
            when no rule has the code.
            """)

    @Argument(help: "The rule, as findings name it; all are listed where none is named.")
    var code: String?

    @Flag(name: .long, help: .hidden)
    var markdown = false

    @Flag(name: .long, help: "Print the workspace's policy instead, and where each number comes from.")
    var policy = false

    @Option(name: .long, help: "Print what a profile of clinic.yml sets: england, australia, florida or california.")
    var profile: String?

    @OptionGroup var workspace: WorkspaceOptions

    @Option(name: .long, help: "Print text or json.")
    var format = OutputFormat.text

    func run() throws {
        try ExitStatus.reporting {
            if let code { return try show(code) }
            if policy || profile != nil { return try showPolicy() }
            let listing = RuleListing()
            if markdown {
                print(listing.markdown, terminator: "")
            } else {
                print(format == .json ? try listing.json() : listing.text)
            }
        }
    }

    private func showPolicy() throws {
        let listing: PolicyListing
        if let name = profile {
            guard let known = Profile(rawValue: name) else {
                ExitStatus.complain(
                    "suture: no profile is called that; there are "
                        + Profile.allCases.map(\.rawValue).joined(separator: ", "))
                throw ExitStatus.data
            }
            listing = PolicyListing(known)
        } else {
            listing = PolicyListing(try workspace.place.configuration())
        }
        print(format == .json ? try listing.json() : listing.text)
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
