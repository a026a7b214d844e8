import ArgumentParser
import Processor

/// Tells the whole story of something.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tell the whole story of a drop, a patient, a case, a bill …",
        discussion: """
            X is a drop's number (12), an entry (12/3), the reference of an entry (REG-1 or kiosk/REG-1), a patient's \
            MRN, the number of a consultation, plan, consent or case, or that of a bill or receipt. Each event is \
            told with when it happened, when it was decided, and the file it came from. A patient is told with their \
            numbers, merges and the records compared with theirs, a consultation with every version of its note. \
            --reviews lists the records that may be of one person, with what was compared and what it weighs. This \
            shows patients' data. Ends with 66 when nothing is known of X.
            """)

    @Argument(help: ArgumentHelp("What to explain.", valueName: "x"))
    var subject: String?

    @Flag(name: .long, help: "List the pairs of records that may be of one person.")
    var reviews = false

    @OptionGroup var options: ReadingOptions

    func validate() throws {
        if (subject == nil) != reviews { throw ValidationError("Name what to explain, or ask for --reviews.") }
    }

    func run() throws {
        try ExitStatus.reporting {
            guard let subject else { return try options.show(Reviews(options.inquiry())) }
            do {
                try options.show(Explanation(options.inquiry(), of: subject))
            } catch let unknown as NothingKnown {
                ExitStatus.complain("suture: \(unknown)")
                throw ExitStatus.noInput
            }
        }
    }
}
