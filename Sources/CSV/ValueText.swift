/// Reads the bytes of one field as a value of a fixed shape; nil when they do not have it.
enum ValueText {
    static func integer(_ bytes: Span<UInt8>) -> Int? {
        let isNegative = bytes.count > 1 && bytes[0] == UInt8(ascii: "-")
        guard let digits = digits(bytes, from: isNegative ? 1 : 0, to: bytes.count) else { return nil }
        return isNegative ? -digits : digits
    }

    static func decimal(_ bytes: Span<UInt8>, fractionDigits: Int) -> Int? {
        let start = bytes.count > 1 && bytes[0] == UInt8(ascii: "-") ? 1 : 0
        var units = 0
        var index = start
        var point: Int?
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: ".") {
                guard point == nil, index > start else { return nil }
                point = index
            } else {
                let digit = byte &- 0x30
                guard digit < 10, append(digit, to: &units) else { return nil }
            }
            index &+= 1
        }
        guard index > start else { return nil }
        var missing = fractionDigits
        if let point {
            let given = index - point - 1
            guard given > 0, given <= fractionDigits else { return nil }
            missing -= given
        }
        while missing > 0 {
            guard append(0, to: &units) else { return nil }
            missing -= 1
        }
        return start == 0 ? units : -units
    }

    /// `YYYY-MM-DD`.
    static func day(_ bytes: Span<UInt8>) -> Day? {
        bytes.count == 10 ? leadingDay(bytes) : nil
    }

    /// `YYYY-MM-DDThh:mm[:ss][Z|±hh:mm]`.
    static func time(_ bytes: Span<UInt8>) -> DayTime? {
        guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            let day = leadingDay(bytes), let hour = digits(bytes, from: 11, to: 13), hour < 24,
            let minute = digits(bytes, from: 14, to: 16), minute < 60
        else { return nil }
        var index = 16
        var second = 0
        if bytes.count >= 19, bytes[16] == UInt8(ascii: ":") {
            guard let read = digits(bytes, from: 17, to: 19), read < 60 else { return nil }
            second = read
            index = 19
        }
        var offset: Int?
        if index < bytes.count {
            guard let read = self.offset(bytes, from: index) else { return nil }
            offset = read
        }
        return DayTime(day: day, hour: hour, minute: minute, second: second, offset: offset)
    }

    static func flag(_ bytes: Span<UInt8>) -> Bool? {
        switch bytes.count {
        case 1:
            switch bytes[0] {
            case UInt8(ascii: "Y"), UInt8(ascii: "y"), UInt8(ascii: "1"): return true
            case UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "0"): return false
            default: return nil
            }
        case 2: return says(bytes, no) ? false : nil
        case 3: return says(bytes, yes) ? true : nil
        case 4: return says(bytes, truth) ? true : nil
        case 5: return says(bytes, falsehood) ? false : nil
        default: return nil
        }
    }

    private static func leadingDay(_ bytes: Span<UInt8>) -> Day? {
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = digits(bytes, from: 0, to: 4), let month = digits(bytes, from: 5, to: 7),
            let day = digits(bytes, from: 8, to: 10)
        else { return nil }
        return Day(year: year, month: month, day: day)
    }

    /// `Z`, or a sign, hours and minutes.
    private static func offset(_ bytes: Span<UInt8>, from index: Int) -> Int? {
        if bytes.count == index + 1 { return bytes[index] == UInt8(ascii: "Z") ? 0 : nil }
        let isBehind = bytes[index] == UInt8(ascii: "-")
        guard bytes.count == index + 6, isBehind || bytes[index] == UInt8(ascii: "+"),
            bytes[index + 3] == UInt8(ascii: ":"), let hours = digits(bytes, from: index + 1, to: index + 3),
            let minutes = digits(bytes, from: index + 4, to: index + 6), hours <= 14, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (isBehind ? -1 : 1)
    }

    /// The number that digits stand for; nil when there is none, another byte, or too many.
    @inline(__always)
    private static func digits(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        guard start < end, end &- start < 19 else { return nil }
        var value = 0
        var index = start
        while index < end {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            // Eighteen digits always fit.
            value = value &* 10 &+ Int(digit)
            index &+= 1
        }
        return value
    }

    @inline(__always)
    private static func append(_ digit: UInt8, to units: inout Int) -> Bool {
        let (tens, isTooLarge) = units.multipliedReportingOverflow(by: 10)
        let (sum, isOver) = tens.addingReportingOverflow(Int(digit))
        units = sum
        return !isTooLarge && !isOver
    }

    /// Whether the letters are these, capital or small.
    private static func says(_ bytes: Span<UInt8>, _ letters: [UInt8]) -> Bool {
        for (index, letter) in letters.enumerated() where bytes[index] | 0x20 != letter { return false }
        return true
    }

    private static let no = Array("no".utf8)
    private static let yes = Array("yes".utf8)
    private static let truth = Array("true".utf8)
    private static let falsehood = Array("false".utf8)
}
