import Clinic
import Drops
import Foundation
import Testing

@testable import Forms
@testable import Processor

@Suite("suture rules")
struct RuleListingTests {
    @Test("docs/rules.md is what `suture rules --markdown` prints")
    func documentation() throws {
        let page = try String(contentsOfFile: CommandBench.sources + "/docs/rules.md", encoding: .utf8)
        #expect(page == RuleListing().markdown)
    }

    @Test("every rule is listed once, and each object has every key")
    func json() throws {
        let data = Data(try RuleListing().json().utf8)
        let list = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        #expect(list.count == Rule.all.count)
        #expect(Set(list.compactMap { $0["code"] as? String }).count == list.count)
        let keys: Set = [
            "code", "statement", "phase", "table_0357", "held", "warning", "policy", "enforced", "overridable",
        ]
        #expect(list.allSatisfy { Set($0.keys) == keys })
    }

    @Test("no rule shows as enforced that nobody asks")
    func enforced() throws {
        let sources = try Sources()
        for rule in Rule.all where rule.isEnforced {
            #expect(sources.ask(rule), "\(rule.code) is asked nowhere in Sources")
        }
    }

    /// The program's own text, to find out who names a rule.
    private struct Sources {
        private let files: [String]
        private let text: String

        init() throws {
            let root = CommandBench.sources + "/Sources"
            let names = try #require(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
            files = try names.filter { $0.hasSuffix(".swift") }.map {
                try String(contentsOfFile: "\(root)/\($0)", encoding: .utf8)
            }
            text = files.joined(separator: "\n")
        }

        /// A rule is asked by its name in its area, or where a reader gives its code.
        func ask(_ rule: Rule) -> Bool {
            if text.components(separatedBy: "\"\(rule.code)\"").count > 2 { return true }
            guard let file = files.first(where: { $0.contains("\"\(rule.code)\"") }),
                let declared = file.range(of: "\"\(rule.code)\""),
                let start = file.range(
                    of: "static let ", options: .backwards, range: file.startIndex..<declared.lowerBound),
                let area = file.range(of: "enum ", options: .backwards, range: file.startIndex..<declared.lowerBound)
            else { return false }
            let name = file[start.upperBound...].prefix { $0.isLetter || $0.isNumber }
            let space = file[area.upperBound...].prefix { $0.isLetter || $0.isNumber }
            return text.contains(".\(space).\(name)")
        }
    }

    @Test("one rule is printed by its code, and an unknown code with the nearest")
    func one() throws {
        let sheet = try RuleSheet(code: "entry.late")
        #expect(sheet.text.hasPrefix("entry.late (drop and entry)\n"))
        #expect(sheet.text.contains("A warning") && sheet.text.contains("clinic.yml: late_after_days"))
        #expect(try sheet.json().contains(#""code":"entry.late""#))
        let unknown = #expect(throws: UnknownRule.self) { try RuleSheet(code: "entry.lat") }
        #expect(unknown?.description == "no rule is called entry.lat; did you mean `entry.late`?")
    }

    @Test("the policy fits into 100 columns, with each source told once below", arguments: Profile.allCases)
    func policyWidth(profile: Profile) throws {
        let lines = PolicyListing(profile).text.split(separator: "\n")
        #expect(lines.filter { $0.count > 100 } == [])
        #expect(lines.contains("  Sources:"))
        let whole = try PolicyListing(ClinicConfiguration.load(from: CommandBench.sources + "/fixtures/clinic")).text
        #expect(whole.split(separator: "\n").filter { $0.count > 100 } == [])
        #expect(whole.contains("asked by consent.signed-too-soon"))
    }

    @Test("held, warning and planned rules say so, and those that are enforced do not")
    func weights() throws {
        let json = try RuleListing().json()
        #expect(
            json.contains(
                #"{"code":"consent.plan-not-approved","enforced":true,"held":true,"overridable":false,"phase":"consent","#
            ))
        #expect(json.contains(#"{"code":"drop.totals-differ","enforced":true"#))
        #expect(
            json.contains(
                #"{"code":"entry.late","enforced":true,"held":false,"overridable":true,"phase":"drop and entry","#))
        let text = RuleListing().text
        #expect(text.contains("  entry.late (warning; clinic.yml: late_after_days; overridable)"))
        #expect(Rule.all.filter { !$0.isEnforced }.isEmpty)
        #expect(!text.contains("not enforced yet"))
    }
}

@Suite("suture forms")
struct FormListingTests {
    static let names = FormSheet.names

    private func reader(of text: String, _ form: FormName) throws -> any DropReading {
        let configuration = try ClinicConfiguration.load(from: CommandBench.sources + "/fixtures/clinic")
        var bytes = Array(text.utf8)[...]
        let rules = SourceSettings.frontDesk.readingRules(catalog: configuration.catalog)
        return try DropReader.open(head: Array(bytes.prefix(4096)), rules: rules) { most in
            defer { bytes = bytes.dropFirst(most) }
            return Array(bytes.prefix(most))
        }
    }

    @Test("an empty CSV sheet is recognized as its form, and no column of it is unknown", arguments: names)
    func csv(name: FormName) throws {
        let sheet = try #require(FormSheet(name))
        let reader = try reader(of: sheet.csv, name)
        #expect(reader.shape.form == name.rawValue)
        #expect(reader.warnings.isEmpty)
    }

    @Test("an empty XML sheet is one entry of its form and follows the schema", arguments: names)
    func xml(name: FormName) throws {
        let sheet = try #require(FormSheet(name))
        var reader = try reader(of: sheet.xml, name)
        let entry = try #require(try reader.next())
        #expect(entry.forms.map(\.form) == [name])
        #expect(entry.findings.isEmpty)
        #expect(try reader.next() == nil)
    }

    @Test("a form is printed with what each action needs")
    func fields() throws {
        let listing = FormListing(try #require(FormSheet(.consent)))
        let lines = listing.text.split(separator: "\n").map(String.init)
        #expect(lines[1].hasPrefix("Actions: CREATE, ACKNOWLEDGE"))
        #expect(lines.contains { $0.hasPrefix("  reference") && $0.contains(" always ") })
        #expect(lines.contains { $0.hasPrefix("  signed_at") && $0.contains(" SIGN ") })
        #expect(try listing.json().hasPrefix(#"{"actions":["CREATE""#))
    }

    @Test("without a name every form is listed")
    func overview() throws {
        let text = FormListing().text
        for name in FormSheet.names { #expect(text.contains("\n\(name) ")) }
        #expect(FormSheet(FormName("nonsense")) == nil)
    }

    @Test("the schema of one form knows no other")
    func schema() throws {
        let sheet = try #require(FormSheet(.payment))
        #expect(sheet.xsd.contains(#"<xs:element name="payment" type="payment"/>"#))
        #expect(!sheet.xsd.contains(#"name="registration" type="registration""#))
        #expect(FormSheet.xsd.contains(#"name="registration" type="registration""#))
    }

    @Test("the mapping of HL7 v2 names the paths of a registration")
    func mapping() throws {
        let mapping = FormMapping(try #require(FormSheet(.registration)))
        #expect(mapping.rows.contains { $0.field == "family_name" && $0.path.contains("PID-5") })
        #expect(mapping.text.hasPrefix("field"))
    }
}
