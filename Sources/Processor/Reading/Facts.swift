package import Clinic
import Records

extension Story {
    /// How a patient's record stands, beside what happened to it.
    package struct Person: Encodable, Sendable {
        package struct Account: Encodable, Sendable {
            package var mrn: MRN
            package var email: String
            package var state: PatientAccount.State
        }

        package var mrn: MRN
        package var state: Patient.State
        /// Numbers in other systems, `authority/number`.
        package var identifiers: [String]
        /// Of all its records together; nil where nobody has documented any.
        package var allergies: [String]?
        /// The forms that registered the patient, `source/reference`.
        package var registrations: [String]
        /// The record into which this one was merged.
        package var mergedInto: MRN?
        /// Records whose numbers lead to this one.
        package var merged: [MRN]
        package var accounts: [Account]
        /// Whom it was compared with, whatever became of it.
        package var reviews: [ReviewPair]

        init(_ patient: Patient, in unit: Unit) throws {
            let numbers = try unit.recordsMerged(into: patient.mrn)
            mrn = patient.mrn
            state = patient.state
            identifiers = patient.identifiers
            for record in try numbers.compactMap({ try unit.fetch(Patient.self, id: $0.rawValue) }) {
                guard let told = record.allergies else { continue }
                let known = allergies ?? []
                allergies = known + told.filter { told in !known.contains { Spelling.isSame($0, told) } }
            }
            registrations = try unit.fetch(Registration.self, where: .patient(patient.mrn)).map(\.id)
            mergedInto = patient.mergedInto
            merged = numbers.filter { $0 != patient.mrn }
            accounts = try numbers.compactMap { try unit.fetch(PatientAccount.self, id: $0.rawValue) }.map {
                Account(mrn: $0.mrn, email: $0.email, state: $0.state)
            }
            reviews = try unit.fetch(PossibleDuplicate.self, where: .patient(patient.mrn)).compactMap {
                try ReviewPair($0, in: unit)
            }
        }

        var lines: [String] {
            var lines = ["  \(state.rawValue.lowercased())" + (mergedInto.map { ", merged into \($0)" } ?? "")]
            func add(_ word: String, _ items: [String]) {
                guard !items.isEmpty else { return }
                lines.append(Terminal.safe("  \(word): \(items.joined(separator: ", "))"))
            }
            add("merged into it", merged.map(\.rawValue))
            add("allergies", allergies.map { $0.isEmpty ? ["none known"] : $0 } ?? ["NOT DOCUMENTED"])
            add("numbers in other systems", identifiers)
            add("registered as", registrations)
            add("account", accounts.map { "\($0.email) (\($0.state.rawValue.lowercased()))" })
            if !reviews.isEmpty {
                lines += ["", "  Compared with others:"] + reviews.flatMap { $0.lines.map { "  \($0)" } }
            }
            return lines
        }
    }

    /// How a consultation stands, with every version of its note.
    package struct Visit: Encodable, Sendable {
        package var state: Consultation.State
        package var kind: String
        package var surgeon: StaffID
        package var startsAt: Instant
        package var minutes: Int
        package var notes: [Consultation.Note]

        init(_ consultation: Consultation) {
            state = consultation.state
            kind = consultation.visit
            surgeon = consultation.surgeon
            startsAt = consultation.startsAt
            minutes = consultation.minutes
            notes = consultation.notes
        }

        func lines(_ zone: ZoneRules) -> [String] {
            var lines = [
                Terminal.safe(
                    "  \(state.rawValue.lowercased()), \(kind), with \(surgeon) on \(zone.stamp(startsAt)) for "
                        + Terminal.count(minutes, "minute"))
            ]
            for note in notes {
                let author = note.actor.map { " by \($0)" } ?? ""
                lines += [
                    "", Terminal.safe("  Note, version \(note.version), \(zone.stamp(note.writtenAt))\(author):"),
                ]
                let parts = [("goals", note.goals), ("findings", note.findings), ("advice", note.advice)]
                for case (let word, let text?) in parts { lines += Visit.paragraph("\(word): \(text)") }
                lines += Visit.paragraph(note.notes)
            }
            return lines
        }

        private static func paragraph(_ text: String) -> [String] {
            text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
                "    " + Terminal.safe(String($0))
            }
        }
    }
}
