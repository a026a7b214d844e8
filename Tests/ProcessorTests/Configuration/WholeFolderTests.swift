import Clinic
import Forms
import Foundation
import Testing

@testable import Processor

@Suite("The clinic's folder as a whole")
struct WholeFolderTests {
    @Test("all faults of all files are reported together, by file and line")
    func together() throws {
        let copy = try ClinicCopy()
        try copy.replace("clinic.yml", "# minimum_age: 18", by: "minimum_age: adult")
        try copy.replace("clinic.yml", "opens_at: 07:30", by: "opens_at: half past seven")
        try copy.replace("items.csv", "05012345001005", by: "05012345001000")
        try copy.replace("procedures.yml", "price: 8600.00", by: "price: much")
        try copy.replace("staff.yml", "role: FINANCE", by: "role: TREASURER")
        try copy.replace("payers.yml", "deductible: 250.00", by: "deductible: some")
        try copy.replace("consents/facelift.md", "version: 3", by: "version: three")
        let faults = copy.faults()
        let files = faults.map { $0.split(separator: ":").first.map(String.init) ?? "" }
        #expect(
            files == [
                "clinic/clinic.yml", "clinic/clinic.yml", "clinic/consents/facelift.md", "clinic/items.csv",
                "clinic/payers.yml", "clinic/procedures.yml", "clinic/staff.yml",
            ], "\(faults)")
        #expect(faults[0].contains("minimum_age") && faults[1].contains("opens_at"))
    }

    @Test("a fault of one value does not make its code unknown to those who name it")
    func noCascade() throws {
        let copy = try ClinicCopy()
        try copy.replace("procedures.yml", "minutes: 105\n    price: 3400.00", by: "minutes: long\n    price: 3400.00")
        #expect(copy.faults().count == 1)
    }

    @Test("a code or a list that cannot be read does not make faults of those who name what it defines")
    func unreadableCodes() throws {
        let copy = try ClinicCopy()
        try copy.replace("procedures.yml", "- code: LIPO\n", by: "- code: lipo suction\n")
        try copy.replace("items.csv", "GARMENT-ABDO", by: "garment")
        try copy.replace("procedures.yml", "\nrequirements:\n", by: "\nrequirement:\n")
        let faults = copy.faults()
        #expect(faults.count == 4, "\(faults)")
        #expect(faults[0].contains("`sku` must be a code of capital letters"))
        #expect(faults[2].contains("the file lacks `requirements`"))
        #expect(faults[1].contains("no key `requirement`; did you mean `requirements`?"))
        #expect(faults[3].contains("`code` of procedure must be a code"))
    }

    @Test("a misspelled key is both unknown and missing")
    func misspelled() throws {
        let copy = try ClinicCopy()
        try copy.replace("consents/facelift.md", "language: en", by: "langauge: en")
        #expect(
            copy.faults() == [
                "clinic/consents/facelift.md:2:1: error: the template lacks `language`: a text",
                "clinic/consents/facelift.md:9:1: error: the template has no key `langauge`; did you mean `language`?",
            ])
    }

    @Test(
        "a missing file is one fault, whoever names what it would define",
        arguments: [
            "clinic.yml", "procedures.yml", "items.csv", "staff.yml", "payers.yml",
        ])
    func missingFile(name: String) throws {
        let copy = try ClinicCopy()
        try copy.remove(name)
        #expect(
            copy.faults() == [
                "clinic/\(name):1: error: the file cannot be read: there is no such file; "
                    + "`suture init` makes an example"
            ])
    }

    @Test("a missing folder of consents is one fault")
    func missingConsents() throws {
        let copy = try ClinicCopy()
        try copy.remove("consents")
        #expect(copy.faults() == ["clinic/consents:1: error: the folder cannot be read: there is no such file"])
    }

    @Test("a missing clinic is said of each of its files")
    func missingFolder() throws {
        let error = try #require(throws: ConfigurationFaults.self) {
            try ClinicConfiguration.load(from: "/nonexistent/clinic")
        }
        #expect(error.faults.count == 6)
        #expect(error.description.split(separator: "\n").count == 6)
    }

    @Test("an empty file, a file of another charset and a file of another shape are one fault each")
    func notYAML() throws {
        let copy = try ClinicCopy()
        try copy.write("staff.yml", "")
        try copy.write("payers.yml", Data([0x70, 0x61, 0xE9, 0x0A]))
        try copy.write("consents/otoplasty.md", Data([0x2D, 0xFF]))
        try copy.write("procedures.yml", "- BREAST-AUG\n- LIPO\n")
        #expect(
            copy.faults() == [
                "clinic/consents/otoplasty.md:1: error: the file is not UTF-8; save it as UTF-8",
                "clinic/payers.yml:1: error: the file is not UTF-8; save it as UTF-8",
                "clinic/procedures.yml:1:1: error: the file must be written as keys and values (`key: value`)",
                "clinic/staff.yml:1: error: the file is empty",
            ])
    }

    @Test("a missing section is said where the file begins")
    func missingSection() throws {
        let copy = try ClinicCopy()
        try copy.replace("clinic.yml", "\nsources:\n", by: "\nsuorces:\n")
        let faults = copy.faults()
        #expect(faults.count == 2)
        #expect(faults[0] == "clinic/clinic.yml:7:1: error: the file lacks `sources`: a list")
        #expect(faults[1].hasSuffix("the file has no key `suorces`; did you mean `sources`?"))
    }

    @Test("a column too many in items.csv is named, and no row of it is taken for another")
    func unknownColumn() throws {
        let copy = try ClinicCopy()
        let rows = try copy.text("items.csv").split(separator: "\n")
        let widened = rows.enumerated().map { "\($0.element),\($0.offset == 0 ? "colour" : "blue")\n" }.joined()
        try copy.write("items.csv", widened)
        #expect(copy.faults() == ["clinic/items.csv:1:61: error: there is no column `colour` in items"])
    }

    @Test("a column that is missing is said once, not for each row")
    func missingColumn() throws {
        let copy = try ClinicCopy()
        let rows = try copy.text("items.csv").split(separator: "\n").map { row in
            row.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",") + "\n"
        }
        try copy.write("items.csv", rows.joined())
        let faults = copy.faults()
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("clinic/items.csv:1:1: error: the header row has no column") == true)
    }

    @Test("a front desk that the clinic lists itself takes the place of the usual one")
    func ownFrontDesk() throws {
        let copy = try ClinicCopy()
        try copy.replace("clinic.yml", "sources:\n", by: "sources:\n  - {name: front-desk, forms: [patient]}\n")
        let configuration = try copy.load()
        #expect(configuration.sources.count == 10)
        #expect(configuration.sources.first?.forms.map(\.rawValue) == ["patient"])
    }

    @Test("a source's own settings reach its readers")
    func readingRules() throws {
        let copy = try ClinicCopy()
        try copy.replace(
            "clinic.yml", "- name: laboratory\n",
            by: "- name: laboratory\n    zone: America/New_York\n    atomic: true\n    unknown_patient: REGISTER\n"
                + "    ignore: []\n    charset: latin-1\n")
        // Only charsets by their registered names are known: `latin-1` could be any of several.
        #expect(copy.faults().count == 1)
        try copy.replace("clinic.yml", "latin-1", by: "iso_8859_1")
        let configuration = try copy.load()
        let laboratory = try #require(configuration.sources.first { $0.name.rawValue == "laboratory" })
        #expect(laboratory.isAtomic)
        #expect(laboratory.unknownPatient == .register)
        let rules = laboratory.readingRules(catalog: configuration.catalog)
        #expect(rules.zone.name == "America/New_York")
        #expect(rules.charset == "ISO-8859-1")
        #expect(rules.ignoredEvents.isEmpty)
    }

    @Test("a consent written with CRLF keeps its text to the byte")
    func crlf() throws {
        let copy = try ClinicCopy()
        let text = try copy.text("consents/facelift.md").split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\r\n")
        try copy.write("consents/facelift.md", text)
        let template = try #require(try copy.load().catalog.template("facelift", version: 3))
        #expect(template.language == "en")
        #expect(template.body.hasPrefix("\r\n## "))
        #expect(Array(text.utf8).suffix(template.body.utf8.count).elementsEqual(template.body.utf8))
    }
}
