import ArgumentParser
import Clinic
import DurableFiles
import Processor

/// Tells what would become of files.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what would become of files, without dropping them.",
        discussion: """
            Each file is read and decided exactly as if it lay in the inbox, on a copy of the clinic's present state; \
            nothing is changed, also while a processor runs. Several files are checked as if they were dropped \
            together. Every finding is printed with its place, as FILE:LINE:COLUMN: followed by error (it would be \
            rejected), note (it would wait) or warning, and with what would mend it. Ends with 65 when there are \
            errors, 66 when a file cannot be read.
            """)

    @Argument(help: ArgumentHelp("The files to check.", valueName: "file"))
    var files: [String]

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Read them as this source's; else that of the inbox folder they lie in, or front-desk.", valueName: "name"))
    var source: String?

    @OptionGroup var options: ReadingOptions

    func run() throws {
        try ExitStatus.reporting {
            let checking: Checking
            do {
                checking = try Checking(options.inquiry(), source: source.map { SourceName($0) })
            } catch let fault as UnknownSource {
                throw ValidationError("--source: \(fault)")
            }
            let reply = try checking.check(files.map { Path($0) })
            try options.show(reply)
            if reply.hasFaults { throw ExitStatus.noInput }
            if reply.hasErrors { throw ExitStatus.data }
        }
    }
}
