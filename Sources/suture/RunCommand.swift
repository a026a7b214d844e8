import ArgumentParser
import Clinic
import Foundation
import Processor
import Records

/// Works through the inbox.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Work through the inbox: until stopped, or once.",
        discussion: """
            With --once everything that lies in the inbox is worked through, and the program ends with 0; rejected \
            entries are explained in outbox/ and are no failure unless --fail-on-rejection is given. Without it the \
            inbox is watched until the program is stopped (Ctrl-C or SIGTERM).
            """)

    @OptionGroup var workspace: WorkspaceOptions

    @Flag(name: .long, help: "Work through what lies in the inbox, then end.")
    var once = false

    @Option(name: .long, help: ArgumentHelp("Fix the business clock (rehearsals and tests).", valueName: "time"))
    var now: String?

    @Option(name: .long, help: ArgumentHelp("Wait so long for an incomplete file.", valueName: "seconds"))
    var incompleteAfter: Int?

    @Flag(name: .long, help: "End with 1 when an entry or a file was rejected.")
    var failOnRejection = false

    @Option(name: .long, help: "Print text or json.")
    var format = OutputFormat.text

    func validate() throws {
        if let now, Instant(now, zone: nil) == nil {
            throw ValidationError("--now is not a time like 2026-11-23T18:00:00Z")
        }
        if let incompleteAfter, incompleteAfter < 0 { throw ValidationError("--incomplete-after is negative") }
    }

    func run() throws {
        try ExitStatus.reporting {
            let options = RunOptions(
                now: now.flatMap { Instant($0, zone: nil) }, incompleteAfter: incompleteAfter.map { .seconds($0) })
            let processor = try Processor(workspace: workspace.place, options: options)
            do {
                if once { try drain(processor) } else { try watch(processor) }
            } catch let failure as DiskFailure {
                // Closing the database would sync once more what has just failed to be synced.
                withExtendedLifetime(processor) { ExitStatus.stopAtOnce(failure) }
            }
        }
    }

    private func drain(_ processor: Processor) throws {
        let meter = ProgressMeter(processor)
        let summary: RunSummary
        do {
            summary = try processor.runOnce { meter.say($0) }
            meter.end()
        } catch {
            meter.end()
            throw error
        }
        try show(summary, isDrain: false)
        let isRejected = summary.entries.rejected + summary.drops.quarantined + summary.released.rejected > 0
        if failOnRejection && isRejected { throw ExitStatus.rejected }
    }

    private func watch(_ processor: Processor) throws {
        let stop = StopSignal()
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { stop.stop() }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        if format == .text {
            print("watching \(workspace.workspace)/inbox (Ctrl-C stops)")
            // Into a log it is told at once too, not when the first page is full.
            fflush(nil)
        }
        try processor.watch(stop: stop) { summary in
            do { try show(summary, isDrain: true) } catch { ExitStatus.complain("suture: \(error)") }
        }
        if format == .text { print("stopped") }
    }

    private func show(_ summary: RunSummary, isDrain: Bool) throws {
        switch format {
        case .text: print(isDrain ? SummaryTable.line(summary) : SummaryTable.text(summary))
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(summary), as: UTF8.self))
        }
        fflush(nil)
    }
}
