import ArgumentParser
import Clinic
import Processor

/// Lists the entries that wait.
struct HoldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holds",
        abstract: "List the entries that are held: what each waits for, since when and until when.",
        discussion: "Changes nothing, and can be asked while a processor runs.")

    @OptionGroup var options: ReadingOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Only those that wait for this, such as plan:P-1 or \"plan P-1\".", valueName: "key"))
    var waitsFor: String?

    @Option(name: .long, help: "So many at most, by arrival.")
    var limit = 200

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() throws {
        try ExitStatus.reporting {
            try options.show(
                HoldListing(options.inquiry(), waitingFor: waitsFor.map { HoldListing.key($0) }, limit: limit))
        }
    }
}
