import Clinic
import ClinicTesting
import Documents
import Foundation
import Testing

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

    @Test(
        "only the day's cases that stand are listed", arguments: [SurgicalCase.State.created, .postponed, .cancelled])
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
        let widths = Set(table.components(separatedBy: "\r\n").dropLast().map { columns(of: $0) })
        #expect(widths == [30])
    }

    @Test("a list whose rows are those of the last version is not made again, and the next takes the next number")
    func unchanged() throws {
        let scene = Scene()
        let first = try list(scene)[0]
        #expect(try list(scene, version: 2, previous: first.model).isEmpty)
        scene.state.put(Scene.surgicalCase("C-2", at: "2026-11-23T11:00:00Z"))
        let second = try list(scene, version: 3, previous: first.model)
        #expect(second[0].name == "T1-v02.txt")
        #expect(try second[0].text().contains("CHANGES SINCE VERSION 01"))
    }

    @Test("a day on which nothing was ever listed has no list, and one that lost its last case has an empty one")
    func empty() throws {
        let scene = Scene()
        let first = try list(scene)[0]
        var gone = Scene.surgicalCase()
        gone.state = .cancelled
        scene.state.put(gone)
        #expect(try list(scene).isEmpty)
        let text = try list(scene, version: 2, previous: first.model)[0].text()
        #expect(text.contains("\nNo cases.\n"))
        #expect(text.contains("MRN \(Scene.mrn): cancelled"))
    }

    @Test("what is dangerous is told with its new value")
    func dangerous() throws {
        let scene = Scene()
        let first = try list(scene)[0]
        var patient = try #require(scene.state.fetch(Patient.self, id: Scene.mrn.rawValue))
        patient.allergies = ["latex"]
        scene.state.put(patient)
        var turned = Scene.surgicalCase()
        turned.procedures[0].side = .left
        scene.state.put(turned)
        let text = try list(scene, version: 2, previous: first.model)[0].text()
            .replacingOccurrences(of: "\n         ", with: " ")
        #expect(text.contains("procedure now Breast augmentation LEFT, allergies now LATEX"))
    }

    @Test(
        "a family name in capitals keeps the letters that have none of their own",
        arguments: [("Großmann", "GROßMANN"), ("Шевченко", "ШЕВЧЕНКО"), ("Adébáyọ̀", "ADÉBÁYỌ̀"), ("Çelik", "ÇELIK")])
    func capitals(name: String, printed: String) throws {
        let lines = try list(Scene(patientNamed: "Kim", name))[0].lines()
        #expect(lines.contains("    Patient         \(printed), Kim"))
    }

    @Test("what was noted during the surgery stays off the wall, and a procedure without a side says so")
    func discreet() throws {
        let scene = Scene()
        var done = Scene.surgicalCase()
        done.procedures = [.init(code: ProcedureCode("BLEPH-UPPER"), side: .notApplicable)]
        done.state = .completed
        done.startedAt = .at("2026-11-23T08:05:00Z")
        done.endedAt = .at("2026-11-23T09:00:00Z")
        done.remarks = [
            .init(text: "Bring the large retractor", at: .at("2026-11-20T09:00:00Z")),
            .init(text: "Thin fascia", at: .at("2026-11-23T09:00:00Z")),
        ]
        scene.state.put(done)
        let text = try list(scene)[0].text()
        #expect(text.contains("    Procedure       Upper blepharoplasty (no side)\n"))
        #expect(text.contains("Remark          Bring the large retractor"))
        #expect(!text.contains("fascia"))
    }

    /// Fields of a row: commas outside quotes, and one.
    private func columns(of row: String) -> Int {
        var isQuoted = false
        return 1
            + row.utf8.count { byte in
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                return byte == UInt8(ascii: ",") && !isQuoted
            }
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
        consent.state = .withdrawn
        scene.state.put(consent)
        #expect(try list(scene)[0].lines().contains("    Consent         WITHDRAWN"))
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
        Test Clinic                                                           version 01
        OPERATING LIST  Theater 1                                      Monday 2026-11-23
        ================================================================================
        1.  07:00-07:45  45 min  SCHEDULED                                      case C-2
            Patient         DOE, Jane
                            MRN 10000016, F, 34 y, born 1992-03-04
            Procedure       Upper blepharoplasty ** LEFT **
            ALLERGIES       LATEX GLOVES; penicillin
            Surgeon         Dr. Ada Stone
            Anesthesia      general, Dr. Cleo Marsh; ASA 2
            Items           none
            Equipment       none
            Consent         NONE
            Clearance       NOT CLEARED
            Remark          Bring the large retractor
        --------------------------------------------------------------------------------
        2.  08:00-10:00  120 min  SCHEDULED                                     case C-1
            Patient         DOE, Jane
                            MRN 10000016, F, 34 y, born 1992-03-04
            Procedure       Breast augmentation ** BILATERAL **
            ALLERGIES       LATEX GLOVES; penicillin
            Surgeon         Dr. Ada Stone
            Anesthesia      general, Dr. Cleo Marsh; ASA not recorded
            Items           2 x Implant 300 ml
            Equipment       none
            Consent         NONE
            Clearance       NOT CLEARED
        --------------------------------------------------------------------------------

        First version.

        No. 2026-11-23/T1-v01, made 2026-11-23T18:00:00+00:00, ledger 42

        """
}
