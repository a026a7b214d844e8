import ArgumentParser
import Processor

/// Checks the ledger.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check the ledger of everything that happened.",
        subcommands: [AuditVerifyCommand.self])
}

/// Recomputes the ledger and compares it with the tables.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Recompute the ledger's chain and compare it with the tables.",
        discussion: """
            Ends with 0 when every row follows from the one before and every table holds what the ledger says; else \
            with 65 and the sequence that is wrong.
            """)

    @OptionGroup var options: ReadingOptions

    func run() throws {
        try ExitStatus.reporting {
            let audit = try LedgerAudit(options.inquiry())
            try options.show(audit)
            if !audit.isSound { throw ExitStatus.data }
        }
    }
}
