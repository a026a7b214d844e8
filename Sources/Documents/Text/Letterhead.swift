import Clinic

/// The clinic as its documents name it.
struct Letterhead: Codable, Hashable, Sendable {
    let name: String
    let address: [String]
    let phone: String
    let email: String
    let taxNumber: String

    init(_ clinic: ClinicIdentity) {
        name = clinic.name
        address = clinic.address
        phone = clinic.phone
        email = clinic.email
        taxNumber = clinic.taxNumber
    }

    /// Name, address and how to reach it.
    func write(to sheet: inout TextSheet) {
        sheet.line(name)
        sheet.paragraph((address + [phone, email]).filter { !$0.isEmpty }.joined(separator: ", "))
    }
}

/// Where a document comes from: its number, when it was made, and how long the ledger was then.
struct Origin: Codable, Hashable, Sendable {
    let number: String
    /// ISO 8601 with the clinic's offset.
    let madeAt: String
    let sequence: Int64

    init(number: String, madeAt: Instant, sequence: Int64, zone: ZoneRules) {
        self.number = number
        self.madeAt = zone.iso(madeAt)
        self.sequence = sequence
    }

    /// The last line of a text document.
    var footer: String { "No. \(number), made \(madeAt), ledger \(sequence)" }
}

/// A patient as documents name them.
struct Person: Codable, Hashable, Sendable {
    let mrn: String
    let name: String
    let givenName: String
    let familyName: String
    let birthDate: String?
    let address: [String]

    init(mrn: MRN, record: Patient?) {
        self.mrn = record?.mrn.rawValue ?? mrn.rawValue
        name = record?.fullName ?? ""
        givenName = record?.givenName ?? ""
        familyName = record?.familyName ?? ""
        birthDate = record?.birthDate.description
        address = record.map { Self.address(of: $0) } ?? []
    }

    /// Where English is written the code stands after the town, elsewhere before it.
    private static func address(of patient: Patient) -> [String] {
        let codeLast = ["AU", "AUS", "CA", "CAN", "GB", "GBR", "IE", "IRL", "NZ", "NZL", "US", "USA"]
        let isCodeLast = codeLast.contains(patient.country ?? "")
        let words =
            isCodeLast
            ? [patient.city, patient.region, patient.postalCode] : [patient.postalCode, patient.city, patient.region]
        let town = words.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
        return [patient.address, town, patient.country].compactMap(\.self).filter { !$0.isEmpty }
    }

    /// Name, number and birth date, one fact each.
    func write(to sheet: inout TextSheet) {
        sheet.fact("Patient", name)
        sheet.fact("MRN", mrn)
        if let birthDate { sheet.fact("Born", birthDate) }
    }
}

extension Side {
    /// The side written out, as theater lists must have it; nothing for sites that are not paired.
    var writtenOut: String? {
        switch self {
        case .left: "LEFT"
        case .right: "RIGHT"
        case .bilateral: "BILATERAL"
        case .notApplicable: nil
        }
    }
}

extension Catalog {
    /// A procedure with its side written out.
    func writtenOut(_ planned: ProcedurePlan.PlannedProcedure) -> String {
        let name = procedures[planned.code]?.name ?? planned.code.rawValue
        return planned.side.writtenOut.map { "\(name), \($0)" } ?? name
    }

    func writtenOut(_ procedures: [ProcedurePlan.PlannedProcedure]) -> String {
        procedures.map { writtenOut($0) }.joined(separator: "; ")
    }
}

extension ProcedurePlan.Anesthesia {
    /// In words.
    var writtenOut: String {
        switch self {
        case .local: "local"
        case .sedation: "sedation"
        case .general: "general"
        case .regional: "regional"
        case .withoutAnesthesia: "none"
        }
    }
}

/// A percentage of hundredths of a percent: `20.00`.
func percent(basisPoints: Int) -> String { Currency(code: "%").decimal(Money(minorUnits: Int64(basisPoints))) }
