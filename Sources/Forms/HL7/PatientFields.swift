import Clinic
import HL7

/// The numbers of a patient in a list of CX: ours, and those of others.
struct PatientNumbers {
    struct Number {
        let text: String
        let part: Part
    }

    private(set) var mrn: Number?
    private(set) var others: [Number] = []

    init(_ field: Part, in source: LocatedMessage) throws {
        let header = source.message.header
        let senders = try [header.field(4), header.field(3)].compactMap { try $0.component(1).text()?.trimmed }
        let clinic =
            try [header.field(6), header.field(5)].compactMap { try $0.component(1).text()?.trimmed }
            + [source.rules.catalog.clinic.name]
        for repetition in field.repetitions {
            guard let id = try repetition.component(1).text()?.trimmed, !id.isEmpty else { continue }
            let authority = try Self.authority(of: repetition)
            let type = try repetition.component(5).text()?.trimmed ?? ""
            let isOurs: Bool
            if authority.isEmpty {
                // A sender that names no authority means itself, unless the number can be one of ours.
                isOurs = MRN(id).isWellFormed
            } else if senders.contains(authority) {
                isOurs = clinic.contains(authority) && MRN(id).isWellFormed
            } else {
                let isPlausible = type == "MR" || type.isEmpty
                isOurs = clinic.contains(authority) ? isPlausible : (isPlausible && MRN(id).isWellFormed)
            }
            if isOurs, mrn == nil {
                mrn = Number(text: id, part: repetition.component(1))
            } else {
                let within = authority.isEmpty ? senders.first ?? "" : authority
                others.append(Number(text: (within.isEmpty ? id : "\(within)/\(id)").asListItem, part: repetition))
            }
        }
    }

    /// HD: the name, else the universal identifier.
    private static func authority(of repetition: Part) throws -> String {
        let authority = repetition.component(4)
        for part in [authority.subcomponent(1), authority.subcomponent(2)] {
            if let text = try part.text()?.trimmed, !text.isEmpty { return text }
        }
        return ""
    }

    func isSame(as other: PatientNumbers) -> Bool {
        if let mrn, let its = other.mrn { return MRN(mrn.text) == MRN(its.text) }
        let (mine, its) = (others.map { Array($0.text.utf8) }, other.others.map { Array($0.text.utf8) })
        return mrn == nil && other.mrn == nil && !mine.isEmpty && mine == its
    }
}

extension FormDraft {
    /// Says which patient it is about, from PID.
    mutating func identify(by segments: Segments) throws {
        var numbers = try PatientNumbers(segments.part("PID-3"), in: source)
        if numbers.mrn == nil, numbers.others.isEmpty {
            numbers = try PatientNumbers(segments.part("PID-2"), in: source)
        }
        if let mrn = numbers.mrn { set(.mrn, mrn.text, at: mrn.part) }
        if let first = numbers.others.first {
            set(.identifiers, numbers.others.map(\.text).joined(separator: ";"), at: first.part)
        }
        try copy(PatientMessages.identity, from: segments)
    }

    /// Telephone numbers and e-mail addresses of PID-13 and PID-40 (XTN).
    mutating func setTelecommunication(from segments: Segments) throws {
        for field in [segments.part("PID-13"), segments.part("PID-40")] {
            if deletes, field.presence == .delete { set(.phone, "\"\"", at: field) }
            for repetition in field.repetitions {
                if let email = try Telecommunication.email(repetition) { set(.email, email.text, at: email.part) }
                if let phone = try Telecommunication.phone(repetition) { set(.phone, phone.text, at: phone.part) }
            }
        }
    }

    /// PID-19 is withdrawn since 2.7; then the number is one of PID-3.
    mutating func setNationalID(from segments: Segments) throws {
        guard segments.part("PID-19").presence != .valued else { return }
        for repetition in segments.part("PID-3").repetitions {
            let type = repetition.component(5).raw
            if type == "NI" || type == "SS" || type.utf8.starts(with: "NN".utf8) {
                try set(.nationalID, from: [repetition.component(1)], as: .text)
            }
        }
    }

    /// AL1 and IAM; an entry that IAM-6 takes back is left out.
    mutating func setAllergies(from segments: Segments) throws {
        var items: [String] = []
        var first: Part?
        for segment in segments where segment.name == "AL1" || segment.name == "IAM" {
            if segment.name == "IAM", segment.field(6).component(1).raw == "D" { continue }
            let part = segment.field(3)
            first = first ?? part
            if deletes, part.presence == .delete { return set(.allergies, "\"\"", at: part) }
            let name = try part.component(2).text()?.asListItem.unlessEmpty
            guard let item = try name ?? part.component(1).text()?.asListItem.unlessEmpty else { continue }
            items.append(Self.sayNoneKnown.contains(item.lowercased()) ? "NONE" : item)
        }
        if let first { set(.allergies, items.joined(separator: ";"), at: first) }
    }

    private static let sayNoneKnown = [
        "nka", "nkda", "none", "none known", "no known allergies", "no known allergy", "no known drug allergies",
    ]

    /// NK1: whom to call, and who answers for a minor.
    mutating func setContacts(from segments: Segments) throws {
        let relatives = segments.all("NK1")
        let guardian = relatives.first { $0.field(3).component(1).raw == "GRD" }
        let contact =
            relatives.first { $0.field(7).component(1).raw == "C" || $0.field(3).component(1).raw == "EMC" }
            ?? relatives.first { $0.position != guardian?.position }
        if let guardian {
            set(.guardianName, try Self.name(guardian.field(2)), at: guardian.field(2))
            let relation = guardian.field(3)
            try set(.guardianRelation, from: [relation.component(2), relation.component(1)], as: .text)
        }
        guard let contact = contact ?? guardian else { return }
        set(.emergencyContact, try Self.name(contact.field(2)), at: contact.field(2))
        for number in [5, 6] {
            for repetition in contact.field(number).repetitions {
                if let phone = try Telecommunication.phone(repetition) {
                    set(.emergencyPhone, phone.text, at: phone.part)
                }
            }
        }
    }

    /// A name as it is printed: given name and surname (XPN), with the names between them where it is to be whole.
    static func name(_ part: Part, isWhole: Bool = false) throws -> String? {
        let between = isWhole ? [part.component(3)] : []
        let parts = [part.component(2)] + between + [part.component(1).subcomponent(1)]
        return try parts.compactMap { try $0.text()?.trimmed.unlessEmpty }.joined(separator: " ").unlessEmpty
    }

    /// The insurer by the payer list's own code, found by code or by name.
    mutating func setInsurer(from segments: Segments) throws {
        let parts = [segments.part("IN1-3.1"), segments.part("IN1-4.1"), segments.part("IN1-2.1")]
        let payers = source.rules.catalog.payers
        for part in parts {
            guard let text = try part.subcomponent(1).text()?.trimmed else { continue }
            if payers[PayerID(text)] != nil { return set(.insurer, text, at: part) }
            if let named = payers.values.filter({ $0.name == text }).map(\.id).min() {
                return set(.insurer, named.rawValue, at: part)
            }
        }
        try set(.insurer, from: Array(parts.prefix(2)), as: .name)
    }
}

/// One telephone number or address of the network (XTN).
enum Telecommunication {
    typealias Found = (text: String, part: Part)

    static func email(_ repetition: Part) throws -> Found? {
        for part in [repetition.component(4), repetition.component(1)] {
            if let text = try part.text()?.trimmed, text.utf8.contains(UInt8(ascii: "@")) { return (text, part) }
        }
        return nil
    }

    /// XTN.1 as it stands, else country, area and number, else the unformatted XTN.12.
    static func phone(_ repetition: Part) throws -> Found? {
        let kind = repetition.component(3).raw
        let isNumber = kind != "Internet" && kind != "X.400" && repetition.component(2).raw != "NET"
        guard isNumber else { return nil }
        let whole = repetition.component(1)
        if let text = try whole.text()?.trimmed, !text.isEmpty, !text.utf8.contains(UInt8(ascii: "@")) {
            return (text, whole)
        }
        let country = try repetition.component(5).text()?.trimmed ?? ""
        let area = try repetition.component(6).text()?.trimmed ?? ""
        if let local = try repetition.component(7).text()?.trimmed, !local.isEmpty {
            let prefix = country.isEmpty || country.utf8.first == UInt8(ascii: "+") ? country : "+\(country)"
            return ([prefix, area, local].filter { !$0.isEmpty }.joined(separator: " "), repetition.component(7))
        }
        let unformatted = repetition.component(12)
        return try unformatted.text()?.trimmed.unlessEmpty.map { ($0, unformatted) }
    }
}
