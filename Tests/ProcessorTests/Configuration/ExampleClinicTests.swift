import Clinic
import Forms
import Testing

@testable import Processor

@Suite("The example clinic")
struct ExampleClinicTests {
    let configuration: ClinicConfiguration
    var catalog: Catalog { configuration.catalog }

    init() throws {
        configuration = try ClinicConfiguration.load(from: ClinicCopy.example)
    }

    @Test("has what the fixtures promise")
    func counts() {
        #expect(catalog.clinic.name == "Harbor Aesthetic Surgery Center")
        #expect(catalog.clinic.address == ["14 Limehouse Quay", "London E14 8XX"])
        #expect(catalog.currency == Currency(code: "GBP"))
        #expect(catalog.zone.name == "Europe/London")
        #expect(catalog.procedures.count == 25)
        #expect(catalog.items.count == 60)
        #expect(catalog.requirements.count == 17)
        #expect(catalog.theaters.count == 3)
        #expect(catalog.payers.count == 2)
        #expect(catalog.templates.count == 24)
        let roles = Dictionary(grouping: catalog.staff.values, by: \.role).mapValues(\.count)
        #expect(
            roles == [.surgeon: 6, .anesthetist: 3, .nurse: 8, .finance: 2, .frontDesk: 1, .administrator: 1])
        #expect(catalog.equipment.keys.sorted() == ["FAT-SYSTEM", "LASER-CO2", "MICROSCOPE", "NASAL-SET"])
    }

    @Test("sets the policy that its comments tell of")
    func policy() {
        var expected = Profile.england.policy
        expected.lateAfterDays = 60
        expected.anesthesiaBase = Money(minorUnits: 28_000)
        expected.anesthesiaPerQuarterHour = Money(minorUnits: 6_500)
        #expect(catalog.policy == expected)
    }

    @Test("shows every key of the policy, set or as a comment")
    func policyKeys() throws {
        let file = try #require(configuration.files.first { $0.name == "clinic.yml" })
        let text = String(decoding: file.bytes, as: UTF8.self)
        for key in Policy.keys { #expect(text.contains("\n  \(key): ") || text.contains("\n  # \(key): "), "\(key)") }
    }

    @Test("has a key for every rule that a policy governs")
    func ruleKeys() {
        for rule in Rule.all {
            for key in rule.policies + rule.generalPolicies {
                #expect(Policy.keys.contains(key), "\(rule.code) names `\(key)`")
            }
        }
    }

    @Test("reads one procedure in full")
    func procedure() throws {
        let procedure = try #require(catalog.procedures[ProcedureCode("THIGH-LIFT")])
        #expect(procedure.name == "Inner thigh lift")
        #expect(procedure.isPaired)
        #expect(procedure.minutes == 165)
        #expect(procedure.price == Money(minorUnits: 530_000))
        #expect(
            procedure.priceChanges == [
                Change(effectiveFrom: CalendarDate(daysSinceEpoch: 20_819), Money(minorUnits: 545_000))
            ])
        #expect(procedure.anesthesia == .general)
        #expect(procedure.items.first == .init(sku: SKU("DRAIN-10"), quantity: 1, perSide: true))
        #expect(procedure.items.last == .init(sku: SKU("GARMENT-LEG"), quantity: 1, perSide: false))
        #expect(procedure.requirements.map(\.rawValue).contains("COMPRESSION"))
        #expect(procedure.instructions == "A raised toilet seat at home spares you much in the first week.")
        #expect(procedure.aftercare?.hasPrefix("Knees together when you rise and sit.") == true)
        #expect(procedure.followUpDays == 5)
        #expect(procedure.maximumBMI == 32)
    }

    @Test("reads one item, one person, one payer and one theater in full")
    func others() throws {
        #expect(
            catalog.items[SKU("IMP-R-300")]
                == Item(
                    sku: SKU("IMP-R-300"), gtin: "05012345001210",
                    name: "Breast implant round smooth silicone gel 300 ml", tracking: .serial, isImplant: true,
                    price: Money(minorUnits: 65_000), materials: ["silicone"], manufacturer: "Aurelis Devices"))
        #expect(catalog.items[SKU("LIDO-ADR-20")]?.materials == ["lidocaine", "adrenaline"])
        #expect(catalog.items[SKU("LIDO-ADR-20")]?.price == nil)
        let surgeon = try #require(catalog.staff[StaffID("SUR-NAKAMURA")])
        #expect(surgeon.indemnityUntil == CalendarDate("2026-10-31"))
        #expect(surgeon.privileges.count == 5)
        #expect(catalog.staff[StaffID("ANE-OKONJO")]?.permissions == ["CLEAR", "WAIVE"])
        let payer = try #require(catalog.payers[PayerID("MERIDIAN")])
        #expect(payer.needsAuthorization)
        #expect(payer.cap == Money(minorUnits: 600_000))
        #expect(catalog.payers[PayerID("ALBION-MUTUAL")]?.cap == nil)
        #expect(
            catalog.theaters[TheaterID("TH-3")]
                == Theater(
                    id: TheaterID("TH-3"), name: "Theater 3 (minor surgery)", equipment: ["LIPO-PUMP"],
                    weekdays: [1, 2, 3, 4, 5, 6], opensAt: 480, closesAt: 960))
        #expect(
            catalog.theaters[TheaterID("TH-1")]?.sessions == [
                TheaterSession(weekdays: [2, 4], startsAt: 450, endsAt: 780, holder: .specialty("BREAST")),
                TheaterSession(weekdays: [3], startsAt: 780, endsAt: 1110, holder: .surgeon(StaffID("SUR-BANERJEE"))),
            ])
        #expect(catalog.staff[StaffID("SUR-ADEYEMI")]?.specialty == "BREAST")
        #expect(catalog.equipment["LIPO-PUMP"] == nil)
        #expect(catalog.name(ofEquipment: "LIPO-PUMP") == "Infiltration and aspiration pump")
    }

    @Test("can do each of its procedures: a surgeon, a theater and a consent template for it")
    func canOperate() {
        let day = CalendarDate(year: 2026, month: 11, day: 23) ?? CalendarDate(daysSinceEpoch: 0)
        for procedure in catalog.procedures.values {
            let surgeons = catalog.staff.values.filter { $0.privileges.contains(procedure.code) }
            #expect(surgeons.contains { $0.indemnityUntil.map { day <= $0 } ?? false }, "\(procedure.code)")
            let builtIn = procedure.equipment.filter { catalog.equipment[$0] == nil }
            #expect(
                catalog.theaters.values.contains { builtIn.allSatisfy($0.equipment.contains) }, "\(procedure.code)")
            #expect(catalog.template(for: procedure.code, kind: .surgical, on: day) != nil, "\(procedure.code)")
        }
    }

    @Test("pairs the sites that surgery pairs")
    func paired() {
        let paired = catalog.procedures.values.filter(\.isPaired).map(\.code.rawValue).sorted()
        #expect(
            paired == [
                "BLEPH-LOWER", "BLEPH-UPPER", "BRACHIOPLASTY", "BREAST-AUG", "BREAST-AUG-LIFT",
                "BREAST-IMPLANT-EXCHANGE", "BREAST-LIFT", "BREAST-RED", "FAT-TRANSFER-BREAST", "GYNECOMASTIA",
                "LABIAPLASTY", "OTOPLASTY", "THIGH-LIFT",
            ])
    }

    @Test("keeps a consent's text to the byte behind its front matter")
    func consentBody() throws {
        let template = try #require(catalog.template("breast-augmentation", version: 3))
        #expect(template.kind == .surgical)
        #expect(template.parties == [.patient, .surgeon])
        #expect(template.effectiveFrom == CalendarDate("2026-01-01"))
        let file = try #require(configuration.files.first { $0.name == "consents/breast-augmentation.md" })
        #expect(template.body.hasPrefix("\n## What is planned\n"))
        #expect(file.bytes.suffix(template.body.utf8.count).elementsEqual(template.body.utf8))
        let head = String(decoding: file.bytes.dropLast(template.body.utf8.count), as: UTF8.self)
        #expect(head.hasSuffix("language: en\n---\n"))
        #expect(template.clauses.count == 19)
        #expect(template.clauses.filter(\.isRequired).map(\.clause) == ["C3", "C7", "C13", "C17"])
    }

    @Test("lists its sources, the front desk first")
    func sources() throws {
        #expect(
            configuration.sources.map(\.name.rawValue) == [
                "front-desk", "kiosk", "scanner", "surgeons", "consents", "theater", "laboratory", "finance", "his",
                "operators",
            ])
        let desk = try #require(configuration.source(SourceName("front-desk")))
        #expect(desk.forms.count == 12)
        #expect(desk.mayRegisterPatients)
        let kiosk = try #require(configuration.source(SourceName("kiosk")))
        #expect(kiosk.isSelfRegistering && kiosk.mayRegisterPatients)
        #expect(kiosk.maximumBytes == 10_485_760)
        let system = try #require(configuration.source(SourceName("his")))
        #expect(system.ignoredEvents == ["A02", "A03", "A06", "A07", "A11", "A13"])
        #expect(system.charset == nil)
        #expect(system.unknownPatient == .hold)
        let scanner = try #require(configuration.source(SourceName("scanner")))
        #expect(!scanner.mayRegisterPatients)
        let rules = scanner.readingRules(catalog: catalog)
        #expect(rules.forms == [.inventory])
        #expect(rules.zone == catalog.zone)
    }

    @Test("gives its files sorted by name, and bytes that change when any of them does")
    func canonicalBytes() throws {
        let names = configuration.files.map(\.name)
        #expect(names.count == 29)
        #expect(names.first == "clinic.yml")
        #expect(names.last == "staff.yml")
        #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        let copy = try ClinicCopy()
        #expect(try copy.load().canonicalBytes == configuration.canonicalBytes)
        try copy.replace("consents/facelift.md", "Facelift", by: "Facelift.")
        #expect(try copy.load().canonicalBytes != configuration.canonicalBytes)
    }
}
