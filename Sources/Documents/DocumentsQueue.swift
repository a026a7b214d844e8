package import Clinic

/// What an event calls for, as frozen models; asked right after the event was applied.
package enum DocumentsQueue {
    package static func documents(
        for event: Event, sequence: Int64, now: Instant, catalog: Catalog, state: any ClinicState
    ) throws -> [DocumentModel] {
        let desk = WritingDesk(event: event, sequence: sequence, now: now, catalog: catalog, state: state)
        return try desk.registrationSlips() + desk.consents() + desk.bills() + desk.receipts() + desk.care()
            + desk.recalls() + desk.mails()
    }
}

/// An event and all that a document about it may look up.
struct WritingDesk {
    let event: Event
    let sequence: Int64
    let now: Instant
    let catalog: Catalog
    let state: any ClinicState

    var zone: ZoneRules { catalog.zone }

    /// Eight digits of the ledger sequence: names sort by time.
    var serial: String { Digits.padded(sequence, 8) }

    var letterhead: Letterhead { Letterhead(catalog.clinic) }

    /// Number, time and ledger sequence, as every document carries them.
    func origin(_ number: String) -> Origin { Origin(number: number, madeAt: now, sequence: sequence, zone: zone) }

    /// The record that stands for a patient, through any merges.
    func patient(_ mrn: MRN) throws -> Patient? { try state.standingPatient(mrn) }

    /// Whom a document is about, or the bare number where there is no record.
    func person(_ mrn: MRN) throws -> Person { Person(mrn: mrn, record: try patient(mrn)) }

    /// `2026-11-23 18:00` on the clinic's wall.
    func stamp(_ instant: Instant) -> String { zone.stamp(instant) }
}

extension ClinicState {
    /// The record that a patient's number leads to.
    func standingPatient(_ mrn: MRN) throws -> Patient? {
        var current = try fetch(Patient.self, id: mrn.rawValue)
        var seen: Set<MRN> = [mrn]
        while let patient = current, let next = patient.mergedInto, seen.insert(next).inserted {
            current = try fetch(Patient.self, id: next.rawValue)
        }
        return current
    }

    /// The numbers of all records of a patient: the one that stands and those merged into it.
    func allNumbers(of mrn: MRN) throws -> [MRN] {
        var found = [try standingPatient(mrn)?.mrn ?? mrn]
        var index = 0
        while index < found.count {
            let merged = try fetch(Patient.self, where: .mergedInto(found[index])).map(\.mrn)
            found += merged.filter { !found.contains($0) }
            index += 1
        }
        return found
    }
}
