import Clinic
import Foundation
import Testing

@testable import Processor

@Suite("Profiles and changes in the clinic's files")
struct ProfileFileTests {
    private func setting(_ key: String, of configuration: ClinicConfiguration) throws -> PolicySetting {
        try #require(configuration.settings.first { $0.key == key })
    }

    @Test("each number says whether it is of the default, of the profile or of a line")
    func origins() throws {
        let copy = try ClinicCopy()
        try copy.replace("clinic.yml", "profile: england", by: "profile: australia")
        let configuration = try copy.load()
        #expect(configuration.profile == .australia)
        let days = try setting("cooling_off_days", of: configuration)
        #expect(days.value == "7")
        #expect(days.origin == .profile(.australia, source: Profile.australia.settings[4].source))
        #expect(configuration.catalog.policy.coolingOffDays == 7)
        try copy.replace("clinic.yml", "# screening_required: false", by: "screening_required: false")
        try copy.replace("clinic.yml", "# not_overridable: [case.cooling-off]", by: "not_overridable: [entry.late]")
        let changed = try copy.load()
        let screening = try setting("screening_required", of: changed)
        #expect(screening.value == "false" && screening.aside == "instead of profile australia's true")
        let line = try copy.line(of: "screening_required: false", in: "clinic.yml")
        guard case .file(let place) = screening.origin else {
            Issue.record("\(screening)")
            return
        }
        #expect(place.line == line && place.file == "clinic/clinic.yml")
        let listed = try #require(PolicyListing(changed).keys.first { $0.key == "screening_required" })
        #expect(listed.from == "clinic.yml" && listed.place == "line \(line), instead of profile australia's true")
        let fixed = try setting("not_overridable", of: changed)
        #expect(fixed.value == "[case.cooling-off, consent.signed-too-soon, entry.late]")
        #expect(fixed.aside == "added to profile australia's [case.cooling-off, consent.signed-too-soon]")
        #expect(try setting("age_of_majority", of: configuration).origin == .standard)
        #expect(configuration.settings.map(\.key) == Policy.keys)
    }

    @Test(
        "the example clinic with another profile has all that the profile sets in force", arguments: Profile.allCases)
    func onlyTheProfile(profile: Profile) throws {
        let copy = try ClinicCopy()
        try copy.replace("clinic.yml", "profile: england", by: "profile: \(profile.rawValue)")
        let configuration = try copy.load()
        let wanted = PolicySetting.all(of: profile)
        for set in profile.settings {
            let here = try setting(set.key, of: configuration)
            #expect(here.value == wanted.first { $0.key == set.key }?.value, "\(set.key)")
            #expect(here.origin == .profile(profile, source: set.source), "\(set.key)")
        }
    }

    @Test("a key that stands there overrides the profile, and NONE takes its limit away")
    func overriding() throws {
        let copy = try ClinicCopy()
        try copy.replace("clinic.yml", "profile: england", by: "profile: florida")
        #expect(try copy.load().catalog.policy.maximumASA == 2)
        try copy.replace("clinic.yml", "# maximum_asa: 3", by: "maximum_asa: NONE")
        try copy.replace("clinic.yml", "# information_days: 14", by: "information_days: 3")
        let configuration = try copy.load()
        #expect(configuration.catalog.policy.maximumASA == nil)
        #expect(configuration.catalog.policy.informationDays == 3)
        #expect(configuration.catalog.policy.officeVolumeMilliliters == 4_000)
        #expect(try setting("maximum_asa", of: configuration).value == "NONE")
    }

    @Test("without a profile every number is the default")
    func none() throws {
        let copy = try ClinicCopy()
        try copy.replace("clinic.yml", "profile: england\n", by: "")
        let configuration = try copy.load()
        #expect(configuration.profile == nil)
        #expect(!configuration.catalog.policy.twoStageConsent)
        #expect(configuration.catalog.policy.informationDays == Policy().informationDays)
    }

    @Test(
        "every key that a profile sets is a key of clinic.yml, and is shown as the policy has it",
        arguments: Profile.allCases)
    func profiles(profile: Profile) {
        let shown = PolicySetting.all(of: profile)
        let standard = PolicySetting.all(
            of: Policy(), profile: nil, written: nil, currency: Currency(code: "XXX"))
        #expect(profile.settings.allSatisfy { Policy.keys.contains($0.key) && !$0.source.isEmpty })
        // What it does not set is the default.
        for (one, other) in zip(shown, standard) where one.origin == .standard { #expect(one.value == other.value) }
        #expect(shown.filter { $0.origin != .standard }.count == profile.settings.count)
    }

    @Test("`suture rules --policy` lists every key with its rules; --profile only what the profile sets")
    func listing() throws {
        let listing = PolicyListing(try ClinicCopy().load())
        #expect(listing.keys.count == Policy.keys.count)
        #expect(listing.text.hasPrefix("Policy, profile england\n"))
        #expect(try listing.json().contains(#""key":"cooling_off_days""#))
        let item = try #require(listing.keys.first { $0.key == "cooling_off_days" })
        #expect(item.rules == ["case.cooling-off", "payment.deposit-too-soon"] && item.from == "profile england")
        let governing = ["two_stage_consent", "age_of_majority", "minor_cooling_off_days", "consultation_weekdays"]
        for key in governing { #expect(listing.keys.first { $0.key == key }?.rules.isEmpty == false, "\(key)") }
        #expect(listing.keys.first { $0.key == "hold_for_seconds" }?.rules.contains("consent.unknown") == true)
        #expect(try RuleSheet(code: "case.cooling-off").text.contains("cooling_off_before, minor_cooling_off_days"))
        #expect(try RuleSheet(code: "consent.unknown").text.contains("clinic.yml: hold_for_seconds"))
        #expect(PolicyListing(Profile.florida).keys.count == Profile.florida.settings.count)
    }

    @Test("prices, terms and privileges change on their days")
    func changes() throws {
        let catalog = try ClinicCopy().load().catalog
        let (before, after) = (try #require(CalendarDate("2026-12-31")), try #require(CalendarDate("2027-01-01")))
        let thigh = ProcedureCode("THIGH-LIFT")
        #expect(catalog.procedure(thigh, at: before)?.price == Money(minorUnits: 530_000))
        #expect(catalog.procedure(thigh, at: after)?.price == Money(minorUnits: 545_000))
        let albion = PayerID("ALBION-MUTUAL")
        #expect(catalog.payer(albion, at: before)?.deductible == Money(minorUnits: 10_000))
        let later = try #require(catalog.payer(albion, at: after))
        #expect(later.deductible == Money(minorUnits: 15_000) && later.basisPoints == 6_500)
        let surgeon = try #require(catalog.staff[StaffID("SUR-LINDQVIST")])
        #expect(!surgeon.mayPerform(ProcedureCode("LESION-EXCISION"), on: before))
        #expect(surgeon.mayPerform(ProcedureCode("LESION-EXCISION"), on: after))
        let nurse = try #require(catalog.staff[StaffID("NUR-DALY")])
        #expect(nurse.mayOverride("case.session-overrun") && !nurse.mayOverride("case.cooling-off"))
    }

    /// `items.csv` with a column `effective_from` and further rows.
    private func items(_ copy: ClinicCopy, adding rows: String...) throws {
        var lines = try copy.text("items.csv").split(separator: "\n").map(String.init)
        lines = ["\(lines[0]),effective_from"] + lines.dropFirst().map { "\($0)," }
        try copy.write("items.csv", (lines + rows).joined(separator: "\n") + "\n")
    }

    private static let row = "IMP-R-225,05012345001005,Breast implant round smooth silicone gel 225 ml,SERIAL,true"

    @Test("a further row of an item with a day is its price from that day on")
    func itemChange() throws {
        let copy = try ClinicCopy()
        try items(copy, adding: "\(Self.row),700.00,silicone,Aurelis Devices,2027-01-01")
        let catalog = try copy.load().catalog
        #expect(catalog.items.count == 60)
        let (before, after) = (try #require(CalendarDate("2026-12-31")), try #require(CalendarDate("2027-01-01")))
        #expect(catalog.item(SKU("IMP-R-225"), at: before)?.price == Money(minorUnits: 65_000))
        #expect(catalog.item(SKU("IMP-R-225"), at: after)?.price == Money(minorUnits: 70_000))
    }

    @Test(
        "a change of an item that is none is named with its line",
        arguments: [
            ("\(row),700.00,latex,Aurelis Devices,2027-01-01", "`materials` of item `IMP-R-225` differs from line 2"),
            ("\(row),700.00,silicone,Aurelis Devices,January", "a day of the calendar as YYYY-MM-DD"),
            ("\(row),dear,silicone,Aurelis Devices,2027-01-01", "an amount such as"),
            ("NEW-1,,New thing,LOT,false,7.00,,,2027-01-01", "the first row of an item has no `effective_from`"),
        ])
    func badItemChange(row: String, message: String) throws {
        let copy = try ClinicCopy()
        try items(copy, adding: row)
        let faults = copy.faults()
        #expect(faults.first?.hasPrefix("clinic/items.csv:62:") == true, "\(faults)")
        #expect(faults.contains { $0.contains(message) }, "\(faults)")
    }

    @Test("two changes of an item on one day are a fault")
    func sameDay() throws {
        let copy = try ClinicCopy()
        let change = "\(Self.row),700.00,silicone,Aurelis Devices,2027-01-01"
        try items(copy, adding: change, change)
        #expect(copy.faults().count == 1)
        #expect(copy.faults().first?.contains("items.csv:63:") == true)
        #expect(copy.faults().first?.contains("is not later than the one before it") == true)
    }

    @Test("a consent's next version is a file of its own, in force from its day on; not before the version it follows")
    func consentVersions() throws {
        let copy = try ClinicCopy()
        let text = try copy.text("consents/facelift.md").replacingOccurrences(of: "version: 3", with: "version: 4")
        let next = text.replacingOccurrences(of: "effective_from: 2026-01-01", with: "effective_from: 2027-01-01")
        try copy.write("consents/facelift-4.md", next)
        let catalog = try copy.load().catalog
        let (before, after) = (try #require(CalendarDate("2026-12-31")), try #require(CalendarDate("2027-01-01")))
        #expect(catalog.template("facelift", on: before)?.version == 3)
        #expect(catalog.template("facelift", on: after)?.version == 4)
        try copy.write(
            "consents/facelift-4.md",
            text.replacingOccurrences(of: "effective_from: 2026-01-01", with: "effective_from: 2025-12-31"))
        let faults = copy.faults()
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("clinic/consents/facelift-4.md:8:") == true, "\(faults)")
        #expect(faults.first?.contains("is in force before version 3") == true)
    }
}
