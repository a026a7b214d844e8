import Foundation
import Testing

/// A password is hashed at once and then gone, whatever becomes of the entry it came in.
@Suite("Secrets")
struct SecretTests {
    static let password = "Tidewater-Quince-77"

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let file: String
        var outcome = "APPLIED"

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "CSV, applied", file: Sample.registration("REG-1", password: password)),
        Case(name: "CSV, quoted", file: Sample.registration("REG-1", password: "\"\(password)\"")),
        Case(
            name: "CSV, rejected", file: Sample.registration("REG-1", birth: "yesterday", password: password),
            outcome: "REJECTED"),
        Case(
            name: "CSV, a stray quote in the password", file: Sample.registration("REG-1", password: "\(password)\"x"),
            outcome: "REJECTED"),
        Case(
            name: "CSV, text after the password's quote",
            file: Sample.registration("REG-1", password: "\"x\"\(password)"), outcome: "REJECTED"),
        Case(
            name: "CSV, a quote never closed", file: Sample.registration("REG-1", password: "\"\(password)"),
            outcome: "REJECTED"),
        Case(
            name: "CSV, a field too many", file: Sample.registration("REG-1", family: "Du,four", password: password),
            outcome: "REJECTED"),
        Case(
            name: "CSV, too long for bcrypt",
            file: Sample.registration("REG-1", password: password + String(repeating: "y", count: 80)),
            outcome: "REJECTED"),
        Case(name: "XML, applied", file: xml("<password>\(password)</password>")),
        Case(
            name: "XML, rejected", file: xml("<password>\(password)</password>", birth: "yesterday"),
            outcome: "REJECTED"),
        Case(name: "XML, in a CDATA section", file: xml("<password><![CDATA[\(password)]]></password>")),
        Case(
            name: "XML, given twice", file: xml("<password>x</password><password>\(password)</password>"),
            outcome: "REJECTED"),
        Case(name: "XML, with a mark in its tag", file: xml("<password  >\(password)</password >")),
    ]

    static func xml(_ element: String, birth: String = "1984-07-19") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <forms xmlns="urn:suture:forms:1">
          <registration reference="REG-1">
            <given_name>Marianne</given_name><family_name>Dufour</family_name><birth_date>\(birth)</birth_date>
            <sex>F</sex><email>marianne@mail.example</email>\(element)
            <registered_at>2026-10-12T09:15:00Z</registered_at>
          </registration>
        </forms>

        """
    }

    @Test("the password is nowhere in the workspace, and so is its fast hash", arguments: cases)
    func gone(_ example: Case) throws {
        let bench = try Bench()
        try bench.drop(example.file, as: "registration")
        try bench.drain()
        #expect(try bench.sql("SELECT outcome FROM entry") == example.outcome)
        #expect(try places(of: Self.password, in: bench) == [])
        // The hash of the original would let anyone try passwords fast.
        let digest = try sha256(example.file)
        #expect(try bench.sql("SELECT count(*) FROM drops WHERE sha256 = '\(digest)'") == "0")
        // Sent again, and used again with another password, it leaves no trace either.
        try bench.drop(example.file, as: "registration")
        try bench.drop(example.file.replacing("Dufour", with: "Durand"), as: "registration-2")
        try bench.drain()
        #expect(try places(of: Self.password, in: bench) == [])
    }

    @Test("of a file in UTF-16 the password is gone as well")
    func wide() throws {
        let bench = try Bench()
        let text = Sample.registration("REG-1", password: Self.password)
        try bench.drop([0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, as: "wide.csv")
        #expect(try bench.drain().entries["applied"] == 1)
        #expect(try places(of: Self.password, in: bench) == [])
    }

    @Test("of an XML file in UTF-16 the password is gone as well, if the file is read at all")
    func wideXML() throws {
        let bench = try Bench()
        let text = Self.xml("<password>\(Self.password)</password>").replacing("UTF-8", with: "UTF-16")
        try bench.drop([0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, as: "wide.xml")
        let summary = try bench.drain()
        let found = try places(of: Self.password, in: bench)
        #expect(found.allSatisfy { summary.drops["quarantined"] == 1 && $0.contains("quarantine/") }, "\(found)")
    }

    @Test("while the password's entry is held up by a crash, its next run leaves no trace of it")
    func crashed() throws {
        let bench = try Bench()
        try bench.drop(Sample.registration("REG-1", password: Self.password), as: "registration.csv")
        for call in ["fdatasync", "renameat2", "fsync"] {
            _ = try Bench.run(
                "/usr/bin/strace",
                [
                    "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=3",
                    Bench.program.path, "run", "--once", "--workspace", bench.folder.path, "--now", Bench.now,
                ])
        }
        try bench.drain()
        #expect(try places(of: Self.password, in: bench) == [])
        #expect(try bench.sql("SELECT outcome FROM entry") == "APPLIED")
    }

    @Test("the archived copy of a file with a password is the original without it, byte for byte")
    func archivedCopy() throws {
        let bench = try Bench()
        let file = Sample.registration("REG-1", password: Self.password)
        try bench.drop(file, as: "registration.csv")
        try bench.drain()
        let copy = try #require(try bench.files("var/archive").values.first)
        #expect(String(decoding: copy, as: UTF8.self) == file.replacing(Self.password, with: ""))
    }

    @Test("an XML password element that closes itself takes nothing of its neighbors with it")
    func selfClosed() throws {
        let bench = try Bench()
        let file = Self.xml("<password/>")
        try bench.drop(file, as: "registration.xml")
        try bench.drain()
        let copy = try #require(try bench.files("var/archive").values.first)
        #expect(String(decoding: copy, as: UTF8.self) == file)
    }

    @Test("a password with markup within it is gone as a whole")
    func markup() throws {
        let bench = try Bench()
        try bench.drop(Self.xml("<password>x<b></b>\(Self.password)</password>"), as: "a.xml")
        try bench.drop(Self.xml("<password><![CDATA[x</b>\(Self.password)]]></password>"), as: "b.xml")
        try bench.drain()
        #expect(try places(of: Self.password, in: bench) == [])
    }

    // MARK: - Steps

    /// The files of a workspace that hold a text, in UTF-8 or UTF-16.
    private func places(of text: String, in bench: Bench) throws -> [String] {
        let needles = [Data(text.utf8), Data(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })]
        return try bench.files("").filter { file in needles.contains { file.value.range(of: $0) != nil } }.keys.sorted()
    }

    private func sha256(_ text: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("hash-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        defer { do { try FileManager.default.removeItem(at: file) } catch { Issue.record("\(error)") } }
        return String(try Bench.run("/usr/bin/sha256sum", [file.path]).output.prefix(64))
    }
}
