import HL7
import Testing

@Suite("Date and time")
struct DateTimeTests {
    @Test(
        "what is written is read, with its precision, and written the same",
        arguments: [
            ("1980", DateTime.Precision.year), ("198001", .month), ("19800131", .day), ("20240229", .day),
            ("20000229", .day), ("2026112209", .hour), ("202611220930", .minute), ("20261122093015", .second),
            ("20261122093015.4", .fraction), ("20261122093015.4030", .fraction),
            ("20261122093015.123456789", .fraction),
            ("20261122+0100", .day), ("2026112209-0330", .hour), ("20261122093015.403-0500", .fraction),
            ("20261122093015+1400", .second), ("20261122093015+0000", .second),
        ])
    func accepted(_ text: String, _ precision: DateTime.Precision) throws {
        let time = try DateTime(text)
        #expect(time.precision == precision)
        #expect(time.description == text)
    }

    @Test("components are integers")
    func components() throws {
        let time = try DateTime("20261122093015.0450-0330")
        #expect([time.year, time.month, time.day, time.hour, time.minute, time.second] == [2026, 11, 22, 9, 30, 15])
        #expect(time.nanosecond == 45_000_000)
        #expect(time.fractionDigits == 4)
        #expect(time.zone == -210)
        #expect(try DateTime("2026").zone == nil)
    }

    @Test(
        "what is no date of the calendar is refused where it goes wrong",
        arguments: [
            ("", 0), ("198", 0), ("19801345", 4), ("20240230", 6), ("20230229", 6), ("19000229", 6), ("19800100", 6),
            ("19800001", 4), ("00000101", 0), ("1980013", 6), ("2026112224", 8), ("202611220960", 10),
            ("20261122093060", 12), ("20261122093015.", 15), ("20261122.5", 8), ("20261122-999", 9),
            ("20261122-099", 11),
            ("20261122+1500", 9), ("20261122+1430", 13), ("20261122+0160", 11), ("2026-11-22", 7), ("20261122 ", 8),
            ("20261122T0930", 8), ("+2026", 0), ("20261122093015.1234567890", 15), ("٢٠٢٦", 0),
        ])
    func refused(_ text: String, _ offset: Int) {
        let fault = #expect(throws: DateTime.Fault.self) { try DateTime(text) }
        #expect(fault?.offset == offset)
    }

    @Test("a time of numbers is checked like a written one")
    func built() {
        #expect(DateTime(year: 2024, month: 2, day: 30, hour: 0, minute: 0) == nil)
        #expect(DateTime(year: 2024, month: 2, day: 29, hour: 24, minute: 0) == nil)
        let time = DateTime(year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5, zone: -90)
        #expect(time?.description == "20260102030405-0130")
    }
}
