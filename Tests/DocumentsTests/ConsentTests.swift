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
            #expect(lines[1].hasPrefix("Consent CONS-9 "))
            #expect(lines[1].hasSuffix("page \(index + 1) of \(pages.count)"))
            #expect(lines[59].hasPrefix("Document 00000042-consent, made 2026-11-23T18:00:00+00:00"))
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
                    + "      [ MUST BE ACKNOWLEDGED: not yet acknowledged ]\n"))
        #expect(open.contains("\nC10   Hematoma.\n"))
        #expect(open.contains("\nBREAST AUGMENTATION\n====="))
        consent.clauses[0].acknowledgedAt = .at("2026-11-05T10:30:00Z")
        consent.clauses[1].acknowledgedAt = .at("2026-11-05T10:31:00Z")
        let done = try document("consent.signed", consent).text()
        #expect(done.contains("      [ MUST BE ACKNOWLEDGED: acknowledged 2026-11-05 10:30 ]\n"))
        #expect(done.contains("      [ acknowledged 2026-11-05 10:31 ]\n"))
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
                    SHA-256     01234567 89abcdef 01234567 89abcdef 01234567 89abcdef 01234567
                                89abcdef
                SURGEON
                    not signed
                """))
    }

    @Test("reading and asking make no copy", arguments: ["consent.acknowledged", "consent.asked", "consent.alias-added"])
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

@Suite("Theater lists")
struct TheaterListTests {
    private func list(_ scene: Scene, version: Int = 1, previous: [UInt8]? = nil) throws -> [DocumentModel] {
        try TheaterList.model(
            theater: TheaterID("T1"), date: .on("2026-11-23"), version: version, state: scene.state,
            catalog: scene.catalog, now: scene.now, sequence: scene.sequence, previous: previous)
    }

    @Test("each version has files of its own, and the current ones are renamed over")
    func names() throws {
        let documents = try list(Scene())
        #expect(
            documents.map { "\($0.folder)/\($0.name)" } == [
                "theater/2026-11-23/T1-v01.txt", "theater/2026-11-23/T1-v01.csv", "theater/2026-11-23/T1-current.txt",
                "theater/2026-11-23/T1-current.csv",
            ])
        #expect(documents.map(\.replaces) == [false, false, true, true])
        #expect(try documents[0].text() == documents[2].text())
    }

    @Test("the list in full")
    func inFull() throws {
        let scene = Scene()
        var second = Scene.surgicalCase("C-2", at: "2026-11-23T07:00:00Z")
        second.remarks = [.init(text: "Bring the large retractor", at: .at("2026-11-20T09:00:00Z"))]
        second.asaClass = "2"
        second.minutes = 45
        second.procedures = [.init(code: ProcedureCode("BLEPH-UPPER"), side: .left)]
        scene.state.put(second)
        #expect(try list(scene)[0].text() == Self.expected)
    }

    @Test("only the day's cases that stand are listed", arguments: [SurgicalCase.State.created, .postponed, .cancelled])
    func standing(state: SurgicalCase.State) throws {
        let scene = Scene()
        var other = Scene.surgicalCase("C-2", at: "2026-11-23T12:00:00Z")
        other.state = state
        scene.state.put(other)
        scene.state.put(Scene.surgicalCase("C-3", at: "2026-11-24T08:00:00Z"))
        let text = try list(scene)[0].text()
        #expect(text.contains("case C-1\n"))
        #expect(!text.contains("C-2"))
        #expect(!text.contains("C-3"))
    }

    @Test(
        "allergies: latex first, none known, or not documented",
        arguments: [
            (["penicillin", "Latex gloves"], "LATEX GLOVES; penicillin"), ([], "none known"), (nil, "NOT DOCUMENTED"),
        ] as [([String]?, String)])
    func allergies(given: [String]?, printed: String) throws {
        let scene = Scene()
        var patient = try #require(scene.state.fetch(Patient.self, id: Scene.mrn.rawValue))
        patient.allergies = given
        scene.state.put(patient)
        #expect(try list(scene)[0].lines().contains("    ALLERGIES       \(printed)"))
    }

    @Test("a version says what was added, removed, moved and changed since the last")
    func changes() throws {
        let scene = Scene()
        scene.state.put(Scene.surgicalCase("C-2", at: "2026-11-23T11:00:00Z"))
        scene.state.put(Scene.surgicalCase("C-3", at: "2026-11-23T14:00:00Z"))
        let first = try list(scene)[0]
        var gone = Scene.surgicalCase("C-2", at: "2026-11-23T11:00:00Z")
        gone.state = .postponed
        scene.state.put(gone)
        scene.state.put(Scene.surgicalCase("C-3", at: "2026-11-23T15:00:00Z"))
        scene.state.put(Scene.surgicalCase("C-4", at: "2026-11-23T12:00:00Z"))
        var started = Scene.surgicalCase()
        started.state = .inProgress
        started.anesthetist = nil
        scene.state.put(started)
        let second = try list(scene, version: 2, previous: first.model)
        let lines = try second[0].lines()
        let start = try #require(lines.firstIndex(of: "CHANGES SINCE VERSION 01"))
        #expect(
            Array(lines[(start + 2)...].prefix(6)) == [
                "REMOVED  case C-2, 11:00 Jane Doe, MRN \(Scene.mrn): postponed",
                "ADDED    case C-4, 12:00 Jane Doe, MRN \(Scene.mrn)",
                "CHANGED  case C-1, 08:00 Jane Doe, MRN \(Scene.mrn): now IN_PROGRESS, anesthesia",
                "MOVED    case C-3, Jane Doe, MRN \(Scene.mrn): from 14:00 (120 min) to 15:00 (120",
                "         min)", "",
            ])
        let table = try second[1].text()
        #expect(table.contains("\r\nREMOVED,T1,2026-11-23,2,,C-2,"))
        let columns = Set(table.components(separatedBy: "\r\n").dropLast().map { $0.filter { $0 == "," }.count })
        #expect(columns == [29])
        let third = try list(scene, version: 3, previous: second[0].model)
        #expect(try third[0].text().contains("CHANGES SINCE VERSION 02\n" + String(repeating: "-", count: 80) + "\nNone.\n"))
    }

    @Test("consent and clearance are marked as they stand on the day")
    func marks() throws {
        let scene = Scene()
        var consent = Consent(
            consent: ConsentID("X"), purpose: .surgical, plan: PlanID("P-1"), planVersion: 1,
            consultation: ConsultationID("K"), mrn: Scene.mrn, template: "t", templateVersion: 1, sha256: "",
            parties: [.patient], clauses: [], issuedAt: .at("2026-11-01T09:00:00Z"))
        scene.state.put(consent)
        #expect(try list(scene)[0].lines().contains("    Consent         NOT SIGNED (ISSUED)"))
        consent.state = .signed
        consent.signedAt = .at("2026-11-05T09:00:00Z")
        scene.state.put(consent)
        var clearance = Clearance(plan: PlanID("P-1"), mrn: Scene.mrn, state: .cleared)
        clearance.clearedAt = .at("2026-09-20T09:00:00Z")
        scene.state.put(clearance)
        let lines = try list(scene)[0].lines()
        #expect(lines.contains("    Consent         signed 2026-11-05"))
        #expect(lines.contains("    Clearance       LAPSED, cleared 2026-09-20"))
    }

    @Test("no line is wider than 80 columns, whatever the names")
    func wide() throws {
        let scene = Scene(patientNamed: String(repeating: "Maximiliane ", count: 15), String(repeating: "x", count: 99))
        #expect(try list(scene)[0].width() == 80)
    }

    private static let expected = """
        """
}
