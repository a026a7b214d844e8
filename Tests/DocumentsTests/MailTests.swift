import Clinic
import ClinicTesting
import Documents
import Foundation
import Testing

@Suite("Mail")
struct MailTests {
    private func account() -> PatientAccount {
        PatientAccount(mrn: Scene.mrn, email: "jane@example.test", openedAt: .at("2026-11-23T17:30:00Z"))
    }

    @Test("the message that confirms an address, in full")
    func inFull() throws {
        let mail = try #require(try Scene().documents("account.opened", [account()], secret: "tok-123").first)
        #expect(mail.folder == "mail")
        #expect(mail.name == "00000042-account.eml")
        #expect(mail.isSecret)
        let expected = """
            Date: Mon, 23 Nov 2026 18:00:00 +0000
            From: Test Clinic <desk@clinic.test>
            To: Jane Doe <jane@example.test>
            Subject: Please confirm your e-mail address
            Message-ID: <00000042.account@clinic.test>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=us-ascii
            Content-Transfer-Encoding: 7bit
            Auto-Submitted: auto-generated

            Dear Jane Doe,

            An account was opened for you.

            Your confirmation code is:

            tok-123

            Enter it within 72 hours. Your medical record number is \(Scene.mrn).

            If you did not register with us, ignore this message.

            Test Clinic
            +44 20 7946 0000
            desk@clinic.test

            --\u{20}
            No. 00000042-account, made 2026-11-23T18:00:00+00:00, ledger 42

            """
        #expect(try mail.text() == expected.replacingOccurrences(of: "\n", with: "\r\n"))
    }

    @Test("names that are not ASCII are encoded words, and the body is quoted-printable")
    func encoded() throws {
        let scene = Scene(patientNamed: "Zoë", "Müller")
        let text = try #require(try scene.documents("account.opened", [account()], secret: "t=1").first).text()
        #expect(text.contains("To: =?UTF-8?B?Wm/DqyBNw7xsbGVy?= <jane@example.test>\r\n"))
        #expect(text.contains("Content-Transfer-Encoding: quoted-printable\r\n"))
        #expect(text.contains("Dear Zo=C3=AB M=C3=BCller,\r\n"))
        #expect(text.contains("t=3D1\r\n"))
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test("long names are folded, no line passes 78, and every line ends in CR LF", arguments: ["ö", "o", "o, "])
    func folded(letter: String) throws {
        let scene = Scene(patientNamed: String(repeating: letter, count: 70), String(repeating: letter, count: 70))
        let text = try #require(try scene.documents("account.opened", [account()], secret: "t").first).text()
        let lines = text.components(separatedBy: "\r\n")
        let headers = lines.prefix { !$0.isEmpty }
        #expect(headers.allSatisfy { $0.utf8.count <= 78 || !$0.contains(" ") || $0.hasPrefix(" ") })
        #expect(lines.allSatisfy { !$0.contains("\n") && !$0.contains("\r") })
        #expect(lines.drop { !$0.isEmpty }.allSatisfy { $0.utf8.count <= 78 })
    }

    @Test("a name cannot add a header")
    func injection() throws {
        let scene = Scene(patientNamed: "Jane\r\nBcc: all@example.test", "Doe")
        let text = try #require(try scene.documents("account.opened", [account()], secret: "t").first).text()
        #expect(!text.contains("\r\nBcc:"))
        #expect(text.contains("To: \"Jane Bcc: all@example.test Doe\" <jane@example.test>\r\n"))
    }

    @Test(
        "an address that could not stand in a header gets no mail",
        arguments: ["", "jane", "a@b@c", "jane doe@example.test", "jane@example.test>\r\nBcc: x@y", "@example.test"])
    func addresses(address: String) throws {
        var account = account()
        account.email = address
        #expect(try Scene().documents("account.opened", [account], secret: "t").isEmpty)
    }

    @Test("without an e-mail there is no mail")
    func unknown() throws {
        let scene = Scene()
        var patient = try #require(scene.state.fetch(Patient.self, id: Scene.mrn.rawValue))
        patient.email = nil
        scene.state.put(patient)
        #expect(try scene.documents("case.scheduled", [Scene.surgicalCase(at: "2026-11-25T08:00:00Z")]).isEmpty)
    }

    @Test("of a date that is over when it is told, there is no mail")
    func late() throws {
        #expect(try Scene().documents("case.scheduled", [Scene.surgicalCase()]).isEmpty)
    }

    @Test("a booking tells day, time and place, and nothing of the procedure")
    func booking() throws {
        let documents = try Scene().documents("case.scheduled", [Scene.surgicalCase(at: "2026-11-25T08:00:00Z")])
        #expect(documents.map(\.name) == ["00000042-case.eml"])
        let text = try documents[0].text()
        #expect(text.contains("Your date with Dr. Ada Stone is on 2026-11-25 at 08:00.\r\n"))
        #expect(text.contains("1 Test Street"))
        #expect(!text.lowercased().contains("breast"))
    }

    @Test("the date is written in the clinic's zone")
    func zone() throws {
        var scene = Scene()
        scene.catalog.clinic.zone = ZoneRules(name: "Asia/Kolkata", initialOffsetSeconds: 19_800, transitions: [])
        let text = try #require(try scene.documents("account.opened", [account()], secret: "t").first).text()
        #expect(text.hasPrefix("Date: Mon, 23 Nov 2026 23:30:00 +0530\r\n"))
    }
}
