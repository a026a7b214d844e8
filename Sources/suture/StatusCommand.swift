import ArgumentParser
import Processor

/// Tells how the clinic stands.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what waits, what is held and for what, today's cases and the open bills.",
        discussion: "Changes nothing, and can be asked while a processor runs. --now chooses the day.")

    @OptionGroup var options: ReadingOptions

    func run() throws {
        try ExitStatus.reporting { try options.show(Status(options.inquiry())) }
    }
}
