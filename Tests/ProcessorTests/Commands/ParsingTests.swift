import ArgumentParser
import Testing

@testable import suture

@Suite("The command line")
struct ParsingTests {
    @Test(
        "every command is understood with its options",
        arguments: [
            "init clinic-1",
            "run --once --now 2026-11-23T18:00:00Z --incomplete-after 5 --fail-on-rejection --format json",
            "check a.csv b.hl7 --source finance --workspace w --format json --now 2026-11-23T18:00:00Z",
            "status --workspace w --format text", "explain REG-1 --format json", "forms", "forms consent --csv",
            "forms consent --xml", "forms --xsd", "forms consent --hl7 --format json --workspace w",
            "rules --format json", "audit verify --workspace w", "version",
        ])
    func understood(line: String) throws {
        _ = try SutureCommand.parseAsRoot(line.split(separator: " ").map(String.init))
    }

    @Test(
        "what makes no sense is refused as wrong usage",
        arguments: [
            "check", "explain", "status --now yesterday", "status --format xml", "forms nonsense", "forms --csv",
            "forms consent --csv --xml", "run --incomplete-after -1", "nothing",
        ])
    func refused(line: String) {
        let error = #expect(throws: (any Error).self) {
            try SutureCommand.parseAsRoot(line.split(separator: " ").map(String.init))
        }
        #expect(error.map { SutureCommand.exitCode(for: $0) } == .validationFailure)
    }

    @Test("options reach their command")
    func options() throws {
        let command = try SutureCommand.parseAsRoot(["check", "a.csv", "--source", "finance", "--workspace", "w"])
        let check = try #require(command as? CheckCommand)
        #expect(check.files == ["a.csv"])
        #expect(check.source == "finance")
        #expect(check.options.workspace.workspace == "w")
        #expect(check.options.format == .text)
    }
}
