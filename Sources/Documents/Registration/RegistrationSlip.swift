import CSV
import Clinic

/// Which MRN a registration was given, and no more than that.
struct RegistrationModel: FrozenModel {
    struct Row: Codable, Sendable {
        let reference: String
        let mrn: String
    }

    let rows: [Row]

    var table: [UInt8] {
        var writer = Writer()
        writer.append([.text("reference"), .text("mrn")])
        for row in rows { writer.append([.text(row.reference), .text(row.mrn)]) }
        return writer.bytes
    }
}

extension WritingDesk {
    /// The slip of the registrations that an event gave their MRN.
    func registrationSlips() throws -> [DocumentModel] {
        // A slip that the front desk hands out may turn out to be filled in already.
        guard event.kind == "patient.registered" || event.kind == "registration.initiated" else { return [] }
        // The same slip under two sources is one line.
        let rows =
            event.written(Registration.self).flatMap { registration in
                registration.mrn.map { [RegistrationModel.Row(reference: registration.reference, mrn: $0.rawValue)] }
            } ?? []
        guard !rows.isEmpty else { return [] }
        return [
            try RegistrationModel(rows: rows)
                .document(.registrationTable, in: "registrations", named: "\(serial)-registration.csv")
        ]
    }
}
