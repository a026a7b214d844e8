import Clinic
import ClinicTesting
import Documents

/// A clinic in which one patient was operated, to make documents of.
struct Scene {
    let state = MemoryClinic()
    var catalog = Catalog.sample
    var now = Instant.at("2026-11-23T18:00:00Z")
    var sequence: Int64 = 42

    static let mrn = MRN(sequence: 1)

    init(patientNamed givenName: String = "Jane", _ familyName: String = "Doe") {
        var patient = Patient(
            mrn: Self.mrn, givenName: givenName, familyName: familyName, birthDate: .on("1992-03-04"), sex: .female,
            registeredAt: .at("2026-10-01T09:00:00Z"))
        patient.email = "jane@example.test"
        patient.address = "2 Elm Road"
        patient.city = "London"
        patient.allergies = ["penicillin", "Latex gloves"]
        state.put(patient)
        state.put(Self.surgicalCase())
    }

    static func surgicalCase(_ id: String = "C-1", at start: String = "2026-11-23T08:00:00Z") -> SurgicalCase {
        var surgicalCase = SurgicalCase(
            surgicalCase: CaseID(id), plan: PlanID("P-1"), planVersion: 1, mrn: mrn, state: .scheduled,
            procedures: [.init(code: ProcedureCode("BREAST-AUG"), side: .bilateral)], surgeon: StaffID("S1"),
            anesthesia: .general, minutes: 120, createdAt: .at("2026-11-01T09:00:00Z"))
        surgicalCase.theater = TheaterID("T1")
        surgicalCase.startsAt = .at(start)
        surgicalCase.anesthetist = StaffID("A1")
        return surgicalCase
    }

    /// What an event calls for, once it is applied.
    func documents(
        _ kind: String, _ writes: [any ClinicEntity], note: String? = nil, secret: String? = nil
    ) throws -> [DocumentModel] {
        let event = Event(
            kind, .patient(Self.mrn), patient: Self.mrn, at: .at("2026-11-23T17:30:00Z"), writes: writes, note: note,
            secret: secret)
        state.apply(event)
        return try DocumentsQueue.documents(
            for: event, sequence: sequence, now: now, catalog: catalog, state: state)
    }

    static func line(
        _ number: Int, _ description: String, quantity: Int = 1, price: Int64, insurer: Int64 = 0, writeOff: Int64 = 0
    ) -> Bill.Line {
        let net = Money(minorUnits: price) * quantity
        let tax = net.share(basisPoints: 2000)
        return Bill.Line(
            number: number, kind: .procedure, code: "CODE-\(number)", description: description, quantity: quantity,
            unitPrice: Money(minorUnits: price), net: net, taxBasisPoints: 2000, taxCategory: "S", tax: tax,
            insurerShare: Money(minorUnits: insurer), writeOff: Money(minorUnits: writeOff),
            patientShare: net + tax - Money(minorUnits: insurer + writeOff))
    }

    static func bill(_ sequence: Int64 = 1, lines: [Bill.Line]? = nil, insurer: PayerID? = nil) -> Bill {
        Bill(
            number: BillNumber(sequence: sequence), type: .invoice, surgicalCase: CaseID("C-1"), plan: PlanID("P-1"),
            mrn: mrn, currency: "GBP",
            lines: lines ?? [
                line(1, "Breast augmentation", price: 480_000), line(2, "Implant 300 ml", quantity: 2, price: 65_000),
            ], insurer: insurer, issuedAt: .at("2026-11-23T18:00:00Z"), dueOn: .on("2026-12-07"))
    }
}

extension DocumentModel {
    /// The document's bytes as text.
    func text() throws -> String {
        String(decoding: try Rendering.render(kind: kind, version: version, model: model), as: UTF8.self)
    }

    func lines() throws -> [String] {
        try text().utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The widest line in Unicode scalars.
    func width() throws -> Int { try lines().map(\.unicodeScalars.count).max() ?? 0 }
}
