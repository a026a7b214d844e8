import Clinic
import Drops
import Forms
import Foundation
import Testing

/// Reads HL7 text by the rules of a small clinic.
enum HL7Reading {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../fixtures/forms")

    static func fixture(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: "\(name).hl7")))
    }

    static func fixtures() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".hl7") }
            .map { String($0.dropLast(4)) }.sorted()
    }

    static func read(
        _ bytes: [UInt8], piece: Int = .max, ignoring events: [String] = [], charset: String? = nil
    ) throws -> (entries: [ReadEntry], warnings: [LocatedFinding]) {
        var rest = bytes[...]
        let rules = ReadingRules(
            source: SourceName("his"), forms: FormDefinition.all.map(\.name), charset: charset, catalog: .small,
            ignoredEvents: events)
        var reader = try DropReader.open(head: Array(bytes.prefix(4096)), rules: rules) { maximum in
            let taken = rest.prefix(min(maximum, piece))
            rest = rest.dropFirst(taken.count)
            return Array(taken)
        }
        var entries: [ReadEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return (entries, reader.warnings)
    }

    static func read(_ text: String, ignoring events: [String] = []) throws -> [ReadEntry] {
        try read(Array(text.utf8), ignoring: events).entries
    }

    /// The one message of a fixture.
    static func message(_ name: String) throws -> ReadEntry {
        let entries = try read(try fixture(name)).entries
        try #require(entries.count == 1)
        return entries[0]
    }

    /// A form entry typed as the processor types it.
    static func type(_ form: FormEntry) throws -> ReadCommand {
        let rules = ReadingRules(source: SourceName("his"), forms: [form.form], catalog: .small)
        let now = try #require(Instant("2027-01-01T00:00:00Z", zone: nil))
        return form.read(by: rules, arrivedAt: now, now: now)
    }

    /// `MSH` and segments after it, CR between them, as a real message has them.
    static func message(_ type: String, _ segments: String..., control: String = "M1", version: String = "2.5")
        -> String
    {
        (["MSH|^~\\&|HIS|NORTHSIDE|SUTURE|HARBOR|20261012091500||\(type)|\(control)|P|\(version)"] + segments)
            .map { "\($0)\r" }.joined()
    }
}

extension FormEntry {
    subscript(name: String) -> String? { fields[Field(name)]?.text }
    /// The path that a field stands at.
    func path(_ name: String) -> String? { fields[Field(name)]?.place.name }
    /// All fields but those that say who the patient is, as `field=text`.
    var told: [String] {
        let identity: Set<String> = ["identifiers", "family_name", "birth_date", "mrn"]
        return fields.filter { !identity.contains($0.key.rawValue) }.map { "\($0.key)=\($0.value.text)" }.sorted()
    }
    var summary: String { "\(form) \(action?.text ?? "") \(reference?.text ?? "")" }
}

extension Catalog {
    static let small = Catalog(
        clinic: ClinicIdentity(
            name: "HARBOR", address: [], country: "GB", email: "", phone: "", taxNumber: "",
            currency: Currency(code: "GBP"), zone: .utc),
        policy: Policy(),
        procedures: ["BREAST-AUG", "LIPO", "RHINOPLASTY"].map {
            Procedure(
                code: ProcedureCode($0), name: $0, isPaired: false, minutes: 60, price: Money(minorUnits: 1),
                anesthesia: .general)
        },
        items: [
            Item(sku: SKU("IMP-R-300"), gtin: "05012345001210", name: "Implant", tracking: .serial),
            Item(sku: SKU("SUT-PDS-3-0"), gtin: "05012345002330", name: "Suture", tracking: .lot),
            Item(sku: SKU("SPLINT-NASAL"), gtin: "05012345003382", name: "Splint", tracking: .lot),
        ],
        requirements: [
            RequirementDefinition(
                code: RequirementCode("HB"), name: "Hemoglobin", kind: .laboratory, validDays: 30, loinc: "718-7"),
            RequirementDefinition(
                code: RequirementCode("COAG"), name: "INR", kind: .laboratory, validDays: 30, loinc: "6301-6"),
        ],
        staff: [
            StaffMember(id: StaffID("SUR-ADEYEMI"), name: "A", role: .surgeon),
            StaffMember(id: StaffID("SUR-LINDQVIST"), name: "L", role: .surgeon),
            StaffMember(id: StaffID("ANE-OKONJO"), name: "O", role: .anesthetist),
        ],
        theaters: [Theater(id: TheaterID("TH-1"), name: "2", equipment: [], weekdays: [], opensAt: 0, closesAt: 0)],
        equipment: [],
        payers: [
            Payer(
                id: PayerID("MERIDIAN"), name: "Meridian Health", basisPoints: 0, deductible: Money(minorUnits: 0),
                cap: nil,
                writeOffBasisPoints: 0, needsAuthorization: false)
        ],
        templates: [])
}
