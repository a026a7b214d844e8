import Clinic

/// The text of a time, the same as its `description`, made without intermediate strings: every row has several.
enum InstantText {
    static func text(of instant: Instant) -> String {
        let seconds = instant.secondsSinceEpoch
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let clock = seconds - days * 86_400
        let (year, month, day) = civil(days)
        guard year >= 0, year <= 9999 else { return instant.description }
        return String(unsafeUninitializedCapacity: 20) { buffer in
            put(year / 100, at: 0, in: buffer)
            put(year % 100, at: 2, in: buffer)
            buffer[4] = UInt8(ascii: "-")
            put(month, at: 5, in: buffer)
            buffer[7] = UInt8(ascii: "-")
            put(day, at: 8, in: buffer)
            buffer[10] = UInt8(ascii: "T")
            put(clock / 3600, at: 11, in: buffer)
            buffer[13] = UInt8(ascii: ":")
            put(clock / 60 % 60, at: 14, in: buffer)
            buffer[16] = UInt8(ascii: ":")
            put(clock % 60, at: 17, in: buffer)
            buffer[19] = UInt8(ascii: "Z")
            return 20
        }
    }

    private static func put(_ pair: Int64, at place: Int, in buffer: UnsafeMutableBufferPointer<UInt8>) {
        buffer[place] = UInt8(ascii: "0") + UInt8(pair / 10)
        buffer[place + 1] = UInt8(ascii: "0") + UInt8(pair % 10)
    }

    /// Day number to civil date: years run from March, so that the leap day comes last.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
