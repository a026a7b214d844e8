import ArgumentParser
import Clinic
import Processor

/// What every command has that looks at a workspace and changes nothing.
struct ReadingOptions: ParsableArguments {
    @OptionGroup var workspace: WorkspaceOptions

    @Option(name: .long, help: "Print text or json.")
    var format = OutputFormat.text

    @Option(name: .long, help: ArgumentHelp("Look as if it were that time (rehearsals and tests).", valueName: "time"))
    var now: String?

    func validate() throws {
        if let now, Instant(now, zone: nil) == nil {
            throw ValidationError("--now is not a time like 2026-11-23T18:00:00Z")
        }
    }

    /// Opens the workspace to look.
    func inquiry() throws -> Inquiry {
        try Inquiry(workspace: workspace.place, now: now.flatMap { Instant($0, zone: nil) })
    }

    /// Prints a reply in the format that was asked for.
    func show(_ reply: some Reply) throws {
        switch format {
        case .text: print(reply.text)
        case .json: print(try reply.json())
        }
    }
}
