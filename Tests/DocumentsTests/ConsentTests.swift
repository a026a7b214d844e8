import Clinic
import ClinicTesting
import Documents
import Foundation
import Testing

@Suite("Consent documents")
struct ConsentTests {
    private static let digest = String(repeating: "0123456789abcdef", count: 4)

    private func consent(_ state: Consent.State, id: String = "CONS-9") -> Consent {
        var consent = Consent(
            consent: ConsentID(id), purpose: .surgical, plan: PlanID("P-1"), planVersion: 1,
            consultation: ConsultationID("K-1"), mrn: Scene.mrn, template: "breast-augmentation", templateVersion: 1,
            sha256: Self.digest, parties: [.patient, .surgeon],
            clauses: [.init(clause: "C1", isRequired: true), .init(clause: "C10", isRequired: false)],
            issuedAt: .at("2026-11-01T09:00:00Z"))
        consent.state = state
        return consent
    }

    private func snapshot(_ text: String = short) -> ConsentSnapshot {
        ConsentSnapshot(consent: ConsentID("CONS-9"), title: "Breast augmentation", text: text)
    }

    private static let short = """
        # Breast augmentation

        - Clinic: Test Clinic
        - Patient: Jane Doe

        ## Serious risks

        - [C1!] Capsular contracture, the hardening of the scar around the implant, is seen in about 1
          in 10 within 10 years.

        - [C10] Hematoma.
        """

    private func document(_ kind: String, _ consent: Consent, text: String = short) throws -> DocumentModel {
        let scene = Scene()
        scene.state.put(snapshot(text))
        return try #require(try scene.documents(kind, [consent]).first { $0.folder == "consents" })
    }

    @Test(
        "the status is on every page",
        arguments: [
            ("consent.issued", Consent.State.issued, "FOR REVIEW"),
            ("consent.signed", .partiallySigned, "PARTLY SIGNED"), ("consent.signed", .signed, "SIGNED COPY"),
            ("consent.withdrawn", .withdrawn, "WITHDRAWN"), ("consent.declined", .declined, "DECLINED"),
            ("plan.approved", .void, "VOID"), ("consent.expired", .expired, "EXPIRED"),
        ])
    func status(kind: String, state: Consent.State, wording: String) throws {
        let paragraph = String(repeating: "Words that fill the page. ", count: 40)
        let body = (0..<12).map { "## Part \($0)\n\n\(paragraph)" }.joined(separator: "\n\n")
        let document = try document(kind, consent(state), text: body)
        #expect(document.name == "00000042-consent.txt")
        let pages = try document.text().components(separatedBy: "\u{0C}")
        #expect(pages.count > 2)
        for (index, page) in pages.enumerated() {
            let lines = page.components(separatedBy: "\n")
            // Sixty lines, each ended: the split leaves an empty last part.
            #expect(lines.count == 61)
            #expect(lines[0] == "Test Clinic" + String(repeating: " ", count: 80 - 11 - wording.count) + wording)
            #expect(lines[1].hasPrefix("Consent CONS-9, Jane Doe, MRN 10000016 "))
            #expect(lines[1].hasSuffix("page \(index + 1) of \(pages.count)"))
            #expect(lines[59].hasPrefix("No. 00000042-consent, made 2026-11-23T18:00:00+00:00"))
            #expect(lines.allSatisfy { $0.unicodeScalars.count <= 80 })
            #expect(!lines[3..<58].joined().isEmpty)
        }
        #expect(try document.text() == document.text())
    }

    @Test("a heading is never the last of a page")
    func headings() throws {
        for size in 20..<60 {
            let filler = (0..<size).map { "Line \($0)" }.joined(separator: "\n\n")
            let text = try document("consent.issued", consent(.issued), text: filler + "\n\n## Heading\n\nBody")
            let pages = try text.text().components(separatedBy: "\u{0C}")
            let page = try #require(pages.first { $0.contains("\nHeading\n") })
            #expect(page.contains("\nBody\n"))
        }
    }

    @Test("clauses are numbered, and the required ones are marked with when they were acknowledged")
    func clauses() throws {
        var consent = consent(.issued)
        let open = try document("consent.issued", consent).text()
        #expect(
            open.contains(
                "C1    Capsular contracture, the hardening of the scar around the implant, is\n"
                    + "      seen in about 1 in 10 within 10 years.\n"
                    + "      [ ] MUST BE ACKNOWLEDGED\n"))
        #expect(open.contains("\nC10   Hematoma.\n"))
        #expect(open.contains("\n\nClinic          Test Clinic\nPatient         Jane Doe\n\n"))
        #expect(open.contains("\nBREAST AUGMENTATION\n====="))
        consent.clauses[0].acknowledgedAt = .at("2026-11-05T10:30:00Z")
        consent.clauses[1].acknowledgedAt = .at("2026-11-05T10:31:00Z")
        let done = try document("consent.signed", consent).text()
        #expect(done.contains("      [X] acknowledged 2026-11-05 10:30\n"))
        #expect(done.contains("      [X] acknowledged 2026-11-05 10:31\n"))
    }

    @Test("a signature shows printed name, meaning, time, method and what was signed")
    func signatures() throws {
        var consent = consent(.partiallySigned)
        var signature = Consent.Signature(
            party: .patient, signer: "Jane Doe", signedAt: .at("2026-11-20T09:15:00Z"), sha256: Self.digest,
            meaning: "I have read and understood this consent and agree to the surgery described.")
        signature.method = "DRAWN"
        consent.signatures = [signature]
        let text = try document("consent.signed", consent).text()
        #expect(
            text.contains(
                """
                PATIENT
                    Name        Jane Doe
                    Meaning     I have read and understood this consent and agree to the surgery
                                described.
                    Time        2026-11-20 09:15 (UTC)
                    Method      DRAWN
                    SHA-256     01234567 89abcdef 01234567 89abcdef
                                01234567 89abcdef 01234567 89abcdef

                SURGEON
                    not signed
                """))
    }

    @Test(
        "reading and asking make no copy", arguments: ["consent.acknowledged", "consent.asked", "consent.alias-added"])
    func silent(kind: String) throws {
        let scene = Scene()
        scene.state.put(snapshot())
        #expect(try scene.documents(kind, [consent(.issued)]).isEmpty)
    }

    @Test("a name that moves the print head is printed flat")
    func controls() throws {
        var consent = consent(.declined)
        consent.reason = "no\u{0C}thank\u{1B}[2J you\u{202E}"
        let text = try document("consent.declined", consent).text()
        #expect(text.contains("Reason          no thank [2J you\n"))
    }
}
