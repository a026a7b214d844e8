import Clinic
import DurableFiles
import Foundation
import Testing

@testable import Processor

@Suite("suture check")
struct CheckTests {
    @Test("a good file would be applied, and nothing is made of it")
    func good() throws {
        let bench = try CommandBench()
        let file = try bench.write("registration.csv", Sheets.registration)
        let reply = try bench.check(file)
        #expect(reply.counts == CheckReply.Counts(read: 1, applied: 1))
        #expect(!reply.hasErrors && !reply.hasFaults)
        #expect(reply.files[0].entries[0].answer["mrn"] == "10000016")
        #expect(reply.text == "1 file, 1 entry: 1 applied; 0 errors, 0 warnings. Nothing was changed.")
        #expect(try Files.exists(file))
        #expect(try !Files.exists(bench.workspace.database))
    }

    @Test("a bad value is an error at its line and column, with what would mend it, and its neighbor stands")
    func badValue() throws {
        let bench = try CommandBench()
        let file = try bench.write("bad.csv", Sheets.badValues)
        let reply = try bench.check(file)
        #expect(reply.hasErrors)
        #expect(reply.counts == CheckReply.Counts(read: 2, applied: 1, rejected: 1))
        let item = try #require(reply.files[0].findings.first)
        #expect(item.severity == .error)
        #expect(item.code == "entry.bad-value")
        #expect((item.line, item.column, item.name) == (2, 15, "birth_date"))
        #expect(reply.text.hasPrefix("\(file):2:15: error: entry.bad-value: birth_date is not a date"))
        #expect(reply.text.contains("\n    to mend it: write a date like 2026-11-23\n"))
    }

    @Test("an entry that would wait is a note that says for what, and no error")
    func held() throws {
        let bench = try CommandBench()
        let reply = try bench.check(bench.write("plan.csv", Sheets.approval))
        #expect(!reply.hasErrors)
        #expect(reply.counts == CheckReply.Counts(read: 1, held: 1))
        let item = try #require(reply.files[0].findings.first)
        #expect(item.severity == .note)
        #expect(item.code == "plan.unknown")
        #expect(item.waitsFor == ["plan:P-1"])
        #expect(reply.text.contains("it would wait for plan:P-1"))
    }

    @Test("files that are checked together bring each other what they lack, in either order")
    func together() throws {
        let bench = try CommandBench()
        let registration = try bench.write("r.csv", Sheets.registration)
        let consultation = try bench.write("c.csv", Sheets.consultation)
        #expect(try bench.check(consultation).counts == CheckReply.Counts(read: 1, held: 1))
        #expect(try bench.check(registration, consultation).counts == CheckReply.Counts(read: 2, applied: 2))
        #expect(try bench.check(consultation, registration).counts == CheckReply.Counts(read: 2, applied: 2))
    }

    @Test("what was dropped before is a duplicate, and what it would release is told")
    func present() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.consultation, as: "c.csv")
        #expect(try bench.run().entries.held == 1)
        let registration = try bench.write("r.csv", Sheets.registration)
        #expect(try bench.check(registration).releases == 1)
        #expect(try bench.run().entries.read == 0)
        try bench.drop(Sheets.registration, as: "r.csv")
        #expect(try bench.run().released.applied == 1)
        let again = try bench.check(registration)
        #expect(again.counts == CheckReply.Counts(read: 1, duplicate: 1))
        #expect(again.files[0].findings.map(\.code) == ["drop.duplicate"])
        #expect(again.warnings == 1 && !again.hasErrors)
    }

    @Test("check is right while a processor holds the workspace, and leaves its ledger as it was")
    func besideProcessor() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.registration, as: "r.csv")
        let processor = try Processor(
            workspace: bench.workspace, options: RunOptions(now: CommandBench.now, incompleteAfter: .zero))
        let summary = try processor.runOnce()
        let reply = try bench.check(bench.write("c.csv", Sheets.consultation))
        #expect(reply.counts == CheckReply.Counts(read: 1, applied: 1))
        #expect(try processor.runOnce().ledger == summary.ledger)
    }

    @Test("findings of an entry come in the order of their places, and columns by the form's own names")
    func places() throws {
        let bench = try CommandBench()
        let text = """
            Reference,Given Name,Family Name,sex,Birth Date
            REG-1,Ada,Brook,X,12/04/1990
            REG-2,Ada,Brook,F

            """
        let findings = try bench.check(bench.write("r.csv", text)).files[0].findings
        #expect(findings.map(\.code) == ["entry.unknown-code", "entry.bad-value", "csv.field-count"])
        #expect(findings.map(\.column) == [17, 19, 18])
        #expect(findings[2].detail.contains("none for `birth_date`"))
        #expect(findings[2].name == "birth_date")
    }

    @Test("of a file that is not there, nothing is summed up")
    func notThere() throws {
        let bench = try CommandBench()
        let none = bench.workspace.root / "nofile.csv"
        let reply = try bench.check(none)
        #expect(reply.hasFaults)
        #expect(reply.text.contains("cannot be read"))
        #expect(!reply.text.contains("Nothing was changed"))
        let both = try bench.check(none, bench.write("r.csv", Sheets.registration))
        #expect(both.text.hasSuffix("1 file, 1 entry: 1 applied; 0 errors, 0 warnings. Nothing was changed."))
    }

    @Test(
        "a header with other names than a form's is told with the nearest form and what it lacks",
        arguments: [
            ("reference,Given Name,Surname,DOB,Gender,Mail", "registration, without family_name, birth_date, sex"),
            ("reference,Given Name,Surname,DOB,Sex,Email,Phone", "registration, without family_name, birth_date"),
            ("reference,action,a,b", "registration, without given_name, family_name, birth_date, sex"),
        ])
    func otherNames(header: String, nearest: String) throws {
        let bench = try CommandBench()
        let row = String(repeating: "x,", count: header.split(separator: ",").count - 1)
        let found = try bench.check(bench.write("r.csv", "\(header)\n\(row)x\n")).files[0].findings
        #expect(found.map(\.code) == ["drop.unknown-form"])
        #expect(found[0].detail.hasSuffix("the nearest is \(nearest)"))
    }

    @Test("a change of a patient is recognized by its own fields")
    func patientChange() throws {
        let bench = try CommandBench()
        let reply = try bench.check(bench.write("p.csv", "reference,mrn,email,x,y,z\nP-1,10000016,a@b.example,,,\n"))
        #expect(reply.files[0].form == "patient")
    }

    @Test(
        "a short telephone number is not told of a lost zero that it has",
        arguments: [("0207", false), ("7700900123", true)])
    func phone(number: String, hasLostZero: Bool) throws {
        let bench = try CommandBench()
        let text = "reference,given_name,family_name,birth_date,sex,phone\nR-1,Ada,Brook,1990-04-12,F,\(number)\n"
        let found = try bench.check(bench.write("r.csv", text)).files[0].findings
        #expect(found.map(\.code) == ["entry.bad-value"])
        #expect(found[0].detail.contains("lost its leading") == hasLostZero)
    }

    @Test("a file in a source's folder of the inbox is read as that source's")
    func source() throws {
        let bench = try CommandBench()
        let file = try bench.write("inbox/finance/r.csv", Sheets.registration)
        let reply = try bench.check(file)
        #expect(reply.files[0].source == SourceName("finance"))
        #expect(reply.files[0].findings.map(\.code).contains("entry.form-not-allowed"))
        #expect(try !bench.check(file, source: SourceName("front-desk")).hasErrors)
        #expect(throws: UnknownSource.self) { try bench.check(file, source: SourceName("nobody")) }
    }

    @Test(
        "a file that is no drop is an error of the whole file",
        arguments: [
            ("", "drop.empty"), ("reference,given_name\nREG-1,Ada", "drop.incomplete"),
            ("PK\u{3}\u{4}abc", "drop.container-file"), ("a,b\n1,2\n", "drop.unknown-form"),
        ])
    func refused(text: String, code: String) throws {
        let bench = try CommandBench()
        let reply = try bench.check(bench.write("file", text))
        #expect(reply.files[0].findings.map(\.code) == [code])
        #expect(reply.hasErrors)
        #expect(reply.counts.read == 0)
    }

    @Test("a file that is applied whole or not at all is checked so")
    func atomic() throws {
        let bench = try CommandBench()
        let forms = """
            <?xml version="1.0"?>
            <forms xmlns="urn:suture:forms:1" atomic="true">
              <registration reference="REG-1"><given_name>Ada</given_name><family_name>Brook</family_name>
                <birth_date>1986-04-02</birth_date><sex>F</sex></registration>
              <plan reference="PLN-1" action="APPROVE"><plan>P-1</plan><surgeon>SUR-LINDQVIST</surgeon></plan>
            </forms>

            """
        let reply = try bench.check(bench.write("all.xml", forms))
        #expect(reply.counts == CheckReply.Counts(read: 2, rejected: 2))
        #expect(reply.files[0].findings.map(\.code) == ["drop.atomic", "plan.unknown"])
        let single = forms.replacingOccurrences(of: " atomic=\"true\"", with: "")
        #expect(
            try bench.check(bench.write("each.xml", single)).counts == CheckReply.Counts(read: 2, applied: 1, held: 1))
    }

    @Test("a file that is not there is a fault, and the others are checked all the same")
    func missing() throws {
        let bench = try CommandBench()
        let reply = try bench.check(
            bench.workspace.root / "nothing.csv", bench.write("r.csv", Sheets.registration), bench.workspace.clinic)
        #expect(reply.hasFaults)
        #expect(reply.counts.applied == 1)
        #expect(reply.files[2].findings.map(\.code) == ["drop.not-a-regular-file"])
    }

    @Test("as JSON it is one object on one line with stable keys")
    func json() throws {
        let bench = try CommandBench()
        let json = try bench.check(bench.write("plan.csv", Sheets.approval)).json()
        #expect(json.hasPrefix(#"{"counts":{"applied":0,"duplicate":0,"held":1,"read":1,"rejected":0},"errors":0,"#))
        #expect(json.contains(#""severity":"note""#))
        #expect(json.contains(#""waits_for":["plan:P-1"]"#))
        #expect(!json.contains("\n"))
    }

    @Test("a folder that is no workspace is a fault of the configuration")
    func noWorkspace() throws {
        #expect(throws: WorkspaceFault.self) { try Inquiry(workspace: Workspace(root: "/nowhere/at-all")) }
    }
}
