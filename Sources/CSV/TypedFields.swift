/// What a field is meant to hold.
public enum FieldKind: String, CaseIterable, Hashable, Sendable {
    case text
    case identifier
    case phone
    case integer
    case decimal
    case date
    case time
    case flag
}

/// A day of the Gregorian calendar, as a field names it.
public struct Day: Hashable, Sendable {
    /// The year, from 1.
    public let year: Int
    /// The month, from 1.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// Makes a day; nil when the calendar has none such.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.days(inMonth: month, of: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400) ? 29 : 28
        default: 31
        }
    }
}

/// A time of a day, as a field names it.
public struct DayTime: Hashable, Sendable {
    /// The day.
    public let day: Day
    /// The hour, from 0 to 23.
    public let hour: Int
    /// The minute, from 0 to 59.
    public let minute: Int
    /// The second, from 0 to 59.
    public let second: Int
    /// How many minutes it is ahead of UTC; nil where the field does not say.
    public let offset: Int?
}

/// The typed content of fields: fixed shapes, no locale, no guessing.
///
/// What does not have the shape throws a fault with the field's place; where a spreadsheet has been at it, the
/// fault's code is that of the ``SpreadsheetHabit``.
extension Record {
    /// An integer: digits, with a minus in front or without.
    public func integer(_ index: Int) throws(Fault) -> Int {
        let slot = fields[index]
        if let value = ValueText.integer(storage.span.extracting(Int(slot.start)..<Int(slot.end))) { return value }
        throw misfit(index, .integer)
    }

    /// A decimal number in units of its last digit: with two fraction digits 12.5 is 1250.
    ///
    /// The point and the fraction may be missing; more fraction digits than asked for are a fault.
    public func decimal(_ index: Int, fractionDigits: Int) throws(Fault) -> Int {
        let slot = fields[index]
        if let value = ValueText.decimal(
            storage.span.extracting(Int(slot.start)..<Int(slot.end)), fractionDigits: fractionDigits)
        {
            return value
        }
        throw misfit(index, .decimal)
    }

    /// A day as `YYYY-MM-DD`.
    public func day(_ index: Int) throws(Fault) -> Day {
        let slot = fields[index]
        if let value = ValueText.day(storage.span.extracting(Int(slot.start)..<Int(slot.end))) { return value }
        throw misfit(index, .date)
    }

    /// A time as `YYYY-MM-DDThh:mm`, with seconds and an offset from UTC or without (ISO 8601).
    public func time(_ index: Int) throws(Fault) -> DayTime {
        let slot = fields[index]
        if let value = ValueText.time(storage.span.extracting(Int(slot.start)..<Int(slot.end))) { return value }
        throw misfit(index, .time)
    }

    /// Yes or no: `Y`, `YES`, `TRUE`, `1` or `N`, `NO`, `FALSE`, `0`, in either case.
    public func flag(_ index: Int) throws(Fault) -> Bool {
        let slot = fields[index]
        if let value = ValueText.flag(storage.span.extracting(Int(slot.start)..<Int(slot.end))) { return value }
        throw misfit(index, .flag)
    }

    /// The fault of a field that does not have the shape of its kind.
    private func misfit(_ index: Int, _ kind: FieldKind) -> Fault {
        let place = position(index)
        if isEmpty(index) {
            return Fault(.emptyValue, at: place, field: index + 1, detail: "the field is empty; fill it in")
        }
        if let habit = SpreadsheetHabit.recognize(bytes(index), as: kind) {
            return Fault(habit.code, at: place, field: index + 1, detail: "\(habit.statement); \(habit.remedy)")
        }
        let (code, shape): (Fault.Code, String) =
            switch kind {
            case .integer: (.notAnInteger, "a whole number, digits only")
            case .decimal: (.notADecimal, "a number such as 1234.50")
            case .date: (.notADate, "a date as YYYY-MM-DD")
            case .time: (.notATime, "a time as YYYY-MM-DDThh:mm")
            case .flag: (.notAFlag, "Y or N")
            case .text, .identifier, .phone: (.undecodable, "text")
            }
        return Fault(code, at: place, field: index + 1, detail: "the field is not \(shape)")
    }
}
