import Foundation
import Testing

@testable import Processor

/// One thing broken in the example clinic, and the fault that it must give.
struct Breakage: Sendable, CustomTestStringConvertible {
    let file: String
    let text: String
    let replacement: String
    /// A text on the line that the fault must name, once it is broken.
    let mark: String
    let message: String

    init(_ file: String, _ text: String, _ replacement: String, at mark: String? = nil, says message: String) {
        self.file = file
        self.text = text
        self.replacement = replacement
        self.mark = mark ?? replacement
        self.message = message
    }

    var testDescription: String { "\(file): \(message)" }
}

@Suite("Faults of the clinic's configuration")
struct ConfigurationFaultTests {
    @Test("each is reported alone, with its file and line", arguments: keys + values + changes + codes + consents)
    func fault(_ breakage: Breakage) throws {
        let copy = try ClinicCopy()
        try copy.replace(breakage.file, breakage.text, by: breakage.replacement)
        let faults = copy.faults()
        let line = try copy.line(of: breakage.mark, in: breakage.file)
        #expect(faults.count == 1, "\(faults)")
        let fault = try #require(faults.first)
        #expect(fault.hasPrefix("clinic/\(breakage.file):\(line):"), "\(fault)")
        #expect(fault.contains(": error: "))
        #expect(fault.contains(breakage.message), "\(fault)")
    }

    static let keys = [
        Breakage(
            "clinic.yml", "  turnover_minutes: 15", "  turnover_minuets: 15",
            says: "`policy` has no key `turnover_minuets`; did you mean `turnover_minutes`?"),
        Breakage(
            "payers.yml", "\npayers:\n", "\nstaff_discount: true\npayers:\n", at: "staff_discount",
            says: "the file has no key `staff_discount`"),
        Breakage("clinic.yml", "  currency: GBP\n", "", at: "name: Harbor", says: "`clinic` lacks `currency`"),
        Breakage(
            "procedures.yml", "    minutes: 105\n    price: 3400.00\n", "    price: 3400.00\n", at: "code: LIPO\n",
            says: "procedure LIPO lacks `minutes`: a whole number from 5 to 1440"),
        Breakage("procedures.yml", "    paired: true", "    pair: true\n    paired: true", says: "no key `pair`"),
        Breakage(
            "staff.yml", "    indemnity_until: 2026-10-31\n", "", at: "id: SUR-NAKAMURA",
            says: "lacks `indemnity_until`"
        ),
        Breakage(
            "payers.yml", "needs_authorization: true\n  ",
            "needs_authorisation: true\n    needs_authorization: true\n  ",
            at: "needs_authorisation", says: "did you mean `needs_authorization`?"),
        Breakage(
            "clinic.yml", "    closes_at: 16:00\n", "    closes_at: 16:00\n    closes_at: 17:00\n",
            at: "closes_at: 16:00", says: "the same key stands twice: `closes_at`"),
    ]

    static let values = [
        Breakage(
            "clinic.yml", "# information_days: 14", "information_days: fourteen",
            says: "`information_days` of `policy` must be a whole number from 0 to 365; not `fourteen`"),
        Breakage("clinic.yml", "# cooling_off_days: 0", "cooling_off_days: -1", says: "whole number"),
        Breakage("clinic.yml", "# information_days: 14", "information_days: 014", says: "whole number"),
        Breakage("clinic.yml", "[ENDOSCOPE, LAMINAR-FLOW]", "[ENDOSCOPE, MICROSCOPE]", says: "which can be moved"),
        Breakage(
            "clinic.yml", "equipment: [ENDOSCOPE, LAMINAR-FLOW]", "equipment: [LAMINAR-FLOW]", at: "id: ENDOSCOPE",
            says: "equipment ENDOSCOPE is built into no theater"),
        Breakage(
            "clinic.yml", "weekdays: [MON, TUE, WED, THU, FRI, SAT]\n    opens_at: 08:00\n    closes_at: 16:00",
            "weekdays: []\n    opens_at: 08:00\n    closes_at: 16:00", at: "weekdays: []",
            says: "`weekdays` of theater TH-3 is empty"),
        Breakage("clinic.yml", "# cooling_off_days: 0", "cooling_off_days:", says: "it is empty"),
        Breakage("clinic.yml", "consent_auto_issue: false", "consent_auto_issue: no", says: "true or false"),
        Breakage("clinic.yml", "checklist: REQUIRED", "checklist: required", says: "one of REQUIRED, WARN"),
        Breakage("clinic.yml", "zone: Europe/London", "zone: Europe/Londres", says: "a time zone's IANA name"),
        Breakage("clinic.yml", "currency: GBP", "currency: pounds", says: "ISO 4217"),
        Breakage("clinic.yml", "# deposit_required: 500.00", "deposit_required: 500.001", says: "an amount such as"),
        Breakage("clinic.yml", "opens_at: 07:30", "opens_at: 7.30", says: "a time of day as HH:MM"),
        Breakage("clinic.yml", "closes_at: 16:00", "closes_at: 07:00", says: "theater TH-3 closes before it opens"),
        Breakage("clinic.yml", "closes_at: 16:00", "closes_at: 36:00", says: "26:00 is two at night"),
        Breakage(
            "clinic.yml", "ends_at: 18:30, surgeon: SUR-BANERJEE", "ends_at: 18:30, surgeon: SUR-BANNERJEE",
            at: "SUR-BANNERJEE", says: "names staff `SUR-BANNERJEE`"),
        Breakage(
            "clinic.yml", "specialty: BREAST}", "specialty: BRAIN}", says: "`BRAIN`, which nobody of staff.yml has"),
        Breakage(
            "clinic.yml", "ends_at: 18:30, surgeon: SUR-BANERJEE}", "ends_at: 18:30}", at: "ends_at: 18:30}",
            says: "is kept for a `surgeon` or for a `specialty`: name one"),
        Breakage(
            "clinic.yml", "[WED], starts_at: 13:00", "[TUE], starts_at: 12:59", at: "[TUE], starts_at: 12:59",
            says: "overlaps another one"),
        Breakage(
            "clinic.yml", "[WED], starts_at: 13:00", "[SUN], starts_at: 13:00", at: "[SUN], starts_at: 13:00",
            says: "is not within the theater's days and hours"),
        Breakage(
            "clinic.yml", "[WED], starts_at: 13:00", "[WED], starts_at: 18:31", at: "[WED], starts_at: 18:31",
            says: "ends before it begins"),
        Breakage("clinic.yml", "weekdays: [MON, TUE", "weekdays: [MON, TUES", says: "not `TUES`"),
        Breakage("clinic.yml", "forms: [payment, bill]", "forms: [payments, bill]", says: "`forms` of source finance"),
        Breakage("clinic.yml", "# charset: ISO-8859-1", "charset: EBCDIC", says: "windows-1252"),
        Breakage("clinic.yml", "ignore: [A02,", "ignore: [ADT,", says: "an HL7 event such as A02"),
        Breakage("clinic.yml", "unknown_patient: HOLD", "unknown_patient: ASK", says: "one of HOLD, REGISTER"),
        Breakage("clinic.yml", "- name: kiosk", "- name: ../kiosk", says: "a folder's name"),
        Breakage(
            "clinic.yml", "forms: [inventory]\n", "forms: [inventory]\n    self_registering: true\n",
            at: "forms: [inventory]", says: "may not drop `registration`"),
        Breakage(
            "clinic.yml", "# refused_warnings: [plan.allergy]", "refused_warnings: [entry.lat]",
            says: "did you mean `entry.late`?"),
        Breakage(
            "clinic.yml",
            """
              address:
                - 14 Limehouse Quay
                - London E14 8XX

            """, "  address: 14 Limehouse Quay\n", at: "address:", says: "`address` of `clinic` must be a list"),
        Breakage("staff.yml", "licence_until: 2028-03-31", "licence_until: 2028-02-30", says: "a day of the calendar"),
        Breakage("staff.yml", "role: ANESTHETIST", "role: ANAESTHETIST", says: "one of SURGEON, ANESTHETIST"),
        Breakage("staff.yml", "permissions: [CLEAR, WAIVE]", "permissions: [CLEAR, WAVE]", says: "not `WAVE`"),
        Breakage("payers.yml", "basis_points: 8000", "basis_points: 80%", says: "from 0 to 10000"),
        Breakage(
            "procedures.yml", "price: 8600.00", "price: 8,600.00", says: "an amount such as 1250.00; not `8,600.00`"),
        Breakage("procedures.yml", "anesthesia: LOCAL", "anesthesia: TOPICAL", says: "SEDATION"),
        Breakage("procedures.yml", "loinc: 718-7", "loinc: 718-1", says: "LOINC"),
        Breakage("procedures.yml", ", loinc: 718-7", "", at: "code: HB,", says: "lacks its `loinc`"),
        Breakage(
            "procedures.yml", "{sku: TAPE-SCAR, quantity: 1}", "{sku: TAPE-SCAR, quantity: 1, per_side: true}",
            says: "the procedure is not paired"),
        Breakage("items.csv", "05012345001005", "05012345001006", says: "check digit"),
        Breakage("items.csv", "05012345001005", "5012345001005", says: "fourteen digits"),
        Breakage("items.csv", "SERIAL,true", "SERIES,true", says: "one of NONE, LOT, SERIAL"),
        Breakage("items.csv", "SERIAL,true", "NONE,true", says: "an implant must be followed"),
        Breakage("items.csv", ",silicone,", ",Silicone,", says: "a material in small letters"),
        Breakage("items.csv", "650.00,silicone", "650.00,,silicone", says: "field"),
    ]

    static let changes = [
        Breakage("clinic.yml", "profile: england", "profile: wales", says: "one of england, australia, florida"),
        Breakage(
            "clinic.yml", "# maximum_asa: 3", "maximum_asa: VI", says: "a whole number from 1 to 5, or NONE; not `VI`"),
        Breakage("clinic.yml", "# setting: CENTER", "setting: CLINIC", says: "one of OFFICE, CENTER, HOSPITAL"),
        Breakage(
            "clinic.yml", "# cooling_off_before: SURGERY", "cooling_off_before: DEPOSIT",
            says: "one of SURGERY, BOOKING"),
        Breakage(
            "clinic.yml", "# not_overridable: [case.cooling-off]", "not_overridable: [case.consent-not-signed]",
            says: "`not_overridable` names no rule that may be overridden: `case.consent-not-signed`"),
        Breakage(
            "procedures.yml", "effective_from: 2027-01-01, price: 5450.00", "effective_from: 2027-01-01",
            says: "a change of procedure THIGH-LIFT lacks `price`"),
        Breakage(
            "procedures.yml", "effective_from: 2027-01-01, price",
            "from: 2026-01-01, effective_from: 2027-01-01, price",
            says: "has no key `from`"),
        Breakage(
            "procedures.yml", "price: 5450.00}",
            "price: 5450.00}\n      - {effective_from: 2026-12-31, price: 5460.00}", at: "effective_from: 2026-12-31",
            says: "a change of procedure THIGH-LIFT is not later than the one before it"),
        Breakage(
            "payers.yml", "deductible: 150.00}", "deductible: 15 %}", says: "`deductible` of a change of payer"),
        Breakage(
            "staff.yml", "effective_from: 2027-01-01", "effective_from: 2027-13-01", says: "a day of the calendar"),
        Breakage(
            "staff.yml", "effective_from: 2027-01-01", "effective_from: 2027-01-01, effective_until: 2026-12-31",
            says: "lies before `effective_from`"),
        Breakage(
            "staff.yml", "{procedure: LESION-EXCISION,", "{procedure: LESION-EXCISON,",
            says: "which is not in procedures.yml; did you mean `LESION-EXCISION`?"),
        Breakage(
            "staff.yml", "licence_until: 2028-03-31", "licence_from: 2028-04-01\n    licence_until: 2028-03-31",
            at: "licence_until: 2028-03-31", says: "`licence_until` of staff SUR-ADEYEMI lies before `licence_from`"),
        Breakage(
            "staff.yml", "overrides: [case.theater-closed", "overrides: [case.theater-double-booked",
            says: "names no rule that may be overridden: `case.theater-double-booked`"),
    ]

    static let codes = [
        Breakage(
            "procedures.yml", "sku: TAPE-SCAR,", "sku: TAPE-SCARS,",
            says: "names item `TAPE-SCARS`, which is not in items.csv; did you mean `TAPE-SCAR`?"),
        Breakage(
            "procedures.yml", "[HB, HCG, FASTING, STOP-SMOKING]", "[HB, HGC, FASTING, STOP-SMOKING]",
            says: "procedure BREAST-LIFT names requirement `HGC`, which is not in procedures.yml"),
        Breakage("procedures.yml", "[NASAL-SET]", "[NASAL-KIT]", says: "names equipment `NASAL-KIT`"),
        Breakage(
            "clinic.yml", "[LIPO-PUMP]", "[LIPO-PUMPS]", says: "theater TH-3 names equipment `LIPO-PUMPS`"
        ),
        Breakage(
            "staff.yml", "      - BLEPH-LOWER", "      - BLEPH-LOWR",
            says: "staff SUR-MORETTI names procedure `BLEPH-LOWR`"),
        Breakage(
            "consents/liposuction.md", "[LIPO]", "[LIPOS]", says: "which is not in procedures.yml; did you mean `LIPO`?"
        ),
        Breakage(
            "staff.yml", "id: NUR-ROWE", "id: NUR-DALY", at: "id: NUR-DALY\n    name: Marcus",
            says: "staff `NUR-DALY` is already defined in line"),
        Breakage(
            "consents/otoplasty.md", "template: otoplasty", "template: mastopexy",
            says: "template `mastopexy version 2` is already defined in clinic/consents/mastopexy.md:2"),
        Breakage(
            "procedures.yml", "  - {code: COAG,",
            "  - {code: HB, name: Again, kind: EXAMINATION, valid_days: 3}\n  - {code: COAG,",
            says: "requirement `HB` is already defined in line"),
        Breakage(
            "items.csv", "IMP-R-255,", "IMP-R-225,", at: "Breast implant round smooth silicone gel 255",
            says: "item `IMP-R-225` is already defined in line 2"),
        Breakage(
            "items.csv", "05012345001074", "05012345001005", at: "IMP-R-255",
            says: "GTIN `05012345001005` is already defined in line 2"),
    ]

    static let consents = [
        Breakage("consents/facelift.md", "kind: SURGICAL", "kind: SURGERY", says: "`kind` of the template"),
        Breakage(
            "consents/facelift.md", "effective_from: 2026-01-01", "effective_from: 01/01/2026", says: "YYYY-MM-DD"),
        Breakage(
            "consents/facelift.md", "procedures: [FACELIFT, NECK-LIFT]", "procedures: []",
            says: "must name its `procedures`"),
        Breakage("consents/facelift.md", "parties: [PATIENT,", "parties: [PATIENTS,", says: "`parties`"),
        Breakage(
            "consents/facelift.md", "- [C2]", "- [C1]  (again)", at: "(again)", says: "clause `C1` is already in line"),
        Breakage("consents/facelift.md", "---\ntemplate", "template", says: "must begin with a line `---`"),
        Breakage("consents/facelift.md", "version: 3", "version: [3", at: "title:", says: "this is not YAML"),
    ]
}
