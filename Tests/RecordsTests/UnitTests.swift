import Clinic
import ClinicTesting
import Drops
import GRDB
import Records
import Testing

@Suite("Units of work")
struct UnitTests {
    struct Trouble: Error {}

    @Test("a part that is taken back leaves no row, no number, no ledger row and no wake")
    func takenBack() throws {
        let bench = try Workbench()
        try bench.tell(upTo: "patient.registered")
        try bench.write { unit throws in
            let head = try unit.head()
            #expect(try unit.next(.bill) == 1)
            let number = try unit.attempt {
                let number = try unit.next(.bill)
                try unit.apply(bench.samples.event("consultation.scheduled", bench.samples.consultation))
                #expect(try unit.head().length == head.length + 1)
                return (keep: false, value: number)
            }
            #expect(number == 2)
            #expect(try unit.next(.bill) == 2)
            #expect(try unit.head() == head)
            #expect(try unit.fetch(Consultation.self, id: "K-1") == nil)
            let kept = try unit.attempt { (keep: true, value: try unit.next(.bill)) }
            #expect(kept == 3)
            #expect(try unit.next(.bill) == 4)
        }
    }

    @Test("what the schema refuses is taken back and told as such")
    func schemaRefusal() throws {
        let bench = try Workbench()
        try bench.tell(upTo: "consultation.scheduled")
        try bench.write { unit throws in
            let head = try unit.head()
            let refusal = #expect(throws: SchemaRefusal.self) {
                try unit.attempt {
                    _ = try unit.next(.bill)
                    try unit.apply(bench.samples.event("plan.drafted", bench.samples.draft))
                    return (keep: true, value: ())
                }
            }
            #expect(refusal?.message == "procedure_plan: a plan needs a COMPLETED consultation")
            #expect(try unit.head() == head)
            #expect(try unit.next(.bill) == 1)
        }
        #expect(try bench.clinic.read { try $0.verify() }.isSound)
    }

    @Test("an error inside takes the part back and goes on")
    func errorInside() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            #expect(throws: Trouble.self) {
                try unit.attempt { () throws -> (keep: Bool, value: Int) in
                    _ = try unit.next(.mrn)
                    throw Trouble()
                }
            }
            #expect(try unit.next(.mrn) == 1)
        }
    }

    @Test("an error outside takes everything back")
    func wholeTransaction() throws {
        let bench = try Workbench()
        #expect(throws: Trouble.self) {
            try bench.write { unit in
                _ = try unit.next(.mrn)
                throw Trouble()
            }
        }
        #expect(try bench.write { try $0.next(.mrn) } == 1)
        #expect(try bench.write { try $0.next(.mrn) } == 2)
    }

    @Test("a database is opened again as it was left, its schema made once")
    func reopened() throws {
        let bench = try Workbench()
        try bench.tell()
        let head = try bench.clinic.read { try $0.head() }
        let again = try ClinicDatabase(path: bench.path, key: Workbench.key)
        #expect(try again.read { try $0.head() } == head)
        #expect(try again.read { try $0.verify() }.isSound)
        try again.close()
        try bench.sql("INSERT INTO grdb_migrations (identifier) VALUES ('9999 from the future')")
        #expect(throws: RecordsFault.self) { try ClinicDatabase(path: bench.path, key: Workbench.key) }
        #expect(throws: RecordsFault.self) { try ClinicDatabase.readOnly(path: bench.path + ".none", key: []) }
    }

    @Test("reading does not write")
    func readOnly() throws {
        let bench = try Workbench()
        #expect(throws: DatabaseError.self) { try bench.clinic.read { try $0.next(.bill) } }
    }

    @Test("single values and theater lists")
    func listsAndValues() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            #expect(try unit.meta("configuration") == nil)
            try unit.setMeta("configuration", to: "a")
            try unit.setMeta("configuration", to: "b")
            #expect(try unit.meta("configuration") == "b")
            try unit.setMeta("configuration", to: nil)
            #expect(try unit.meta("configuration") == nil)
            let (first, second) = (CalendarDate.on("2026-11-23"), CalendarDate.on("2026-11-24"))
            try unit.markListDue(theater: TheaterID("T2"), date: first)
            try unit.markListDue(theater: TheaterID("T1"), date: second)
            try unit.markListDue(theater: TheaterID("T1"), date: first)
            try unit.markListDue(theater: TheaterID("T1"), date: first)
            let due = try unit.takeListsDue().map { "\($0.theater) \($0.date)" }
            #expect(due == ["T1 2026-11-23", "T2 2026-11-23", "T1 2026-11-24"])
            #expect(try unit.takeListsDue().isEmpty)
            #expect(try unit.nextListVersion(theater: TheaterID("T1"), date: first) == 1)
            #expect(try unit.nextListVersion(theater: TheaterID("T1"), date: first) == 2)
            #expect(try unit.nextListVersion(theater: TheaterID("T1"), date: second) == 1)
        }
    }

    @Test("documents go from queued to staged to delivered, and a secret one is blanked")
    func outbound() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            let bill = OutboundDocument(folder: "bills", name: "B-1.html", kind: "bill", version: 1, model: [1, 2])
            var mail = OutboundDocument(folder: "mail", name: "1.eml", kind: "mail", version: 1, model: [3])
            mail.isSecret = true
            mail.ledgerSequence = 9
            let first = try unit.queue(bill)
            let second = try unit.queue(mail)
            #expect(second > first)
            let pending = try unit.pendingDocuments(limit: 10)
            #expect(pending.map(\.name) == ["B-1.html", "1.eml"])
            #expect(pending.map(\.state) == [.queued, .queued])
            #expect(try unit.pendingDocuments(limit: 1).count == 1)
            try unit.markStaged([(id: first, sha256: "aa"), (id: second, sha256: "bb")])
            #expect(try unit.pendingDocuments(limit: 10).map(\.state) == [.staged, .staged])
            #expect(try unit.document(first)?.sha256 == "aa")
            try unit.markDelivered([second])
            #expect(try unit.pendingDocuments(limit: 10).map(\.id) == [first])
            #expect(try unit.document(second)?.model == [])
            #expect(try unit.document(second)?.ledgerSequence == 9)
            try unit.markDelivered([first])
            #expect(try unit.document(first)?.model == [1, 2])
            #expect(try unit.pendingDocumentCount() == 0)
            #expect(try unit.deliveredCounts().map { "\($0.folder) \($0.count)" } == ["bills 1", "mail 1"])
            #expect(throws: DatabaseError.self) { try unit.queue(bill) }
            var current = bill
            current.replaces = true
            current.name = "current.csv"
            try unit.queue(current)
            try unit.queue(current)
        }
        #expect(throws: DatabaseError.self) { try bench.sql("DELETE FROM outbound") }
    }
}
