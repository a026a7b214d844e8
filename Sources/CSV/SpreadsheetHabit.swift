/// What spreadsheet programs and exports do to values, recognized and named, never undone.
///
/// None of these can be read back for sure: 45000 is a day in 1900 systems and another in 1904 ones, 1.234 is a
/// thousand or a little more than one, and what 1.23E+15 has lost is lost.
public enum SpreadsheetHabit: String, CaseIterable, Hashable, Sendable {
    case errorValue = "error-value"
    case narrowColumn = "narrow-column"
    case formula
    case missingWord = "missing-word"
    case paddedBlanks = "padded-blanks"
    case scientific
    case groupedNumber = "grouped-number"
    case decimalComma = "decimal-comma"
    case currencySign = "currency-sign"
    case accountingNegative = "accounting-negative"
    case percent
    case decimalInteger = "decimal-integer"
    case plusSign = "plus-sign"
    case lostZero = "lost-zero"
    case daySerial = "day-serial"
    case regionalDate = "regional-date"
    case monthName = "month-name"
    case dateTime = "date-time"
    case localFlag = "local-flag"

    /// The code of a fault that this habit makes.
    public var code: Fault.Code { Fault.Code(rawValue: "spreadsheet.\(rawValue)") }

    /// What the field looks like; made for reports, so it quotes no value.
    public var statement: String {
        switch self {
        case .errorValue: "the field is a spreadsheet's error, such as #REF!"
        case .narrowColumn: "the field is what a spreadsheet shows when a column is too narrow: ####"
        case .formula: "the field is a formula, or text with a formula's sign in front"
        case .missingWord: "the field is a program's word for no value, such as NULL or NaN"
        case .paddedBlanks: "the field has blanks at its ends, perhaps no-break ones"
        case .scientific: "the field is a number as 1.23E+15, whose last digits are lost"
        case .groupedNumber: "the field is a number with thousands set apart, as 1,234.50"
        case .decimalComma: "the field is a number with a decimal comma, as 12,50"
        case .currencySign: "the field is a number with a currency's sign"
        case .accountingNegative: "the field is a negative number as accountants write it, as (12.50) or 12.50-"
        case .percent: "the field is a percentage"
        case .decimalInteger: "the field is a whole number that a program wrote with a fraction, as 12.0"
        case .plusSign: "the field is a number with a plus in front"
        case .lostZero: "the field is a telephone number that has lost its leading 0 or +"
        case .daySerial: "the field is a spreadsheet's day number, as 45000"
        case .regionalDate: "the field is a date in a country's own order, as 03/04/2026"
        case .monthName: "the field is a date with a month's name, as 02-Mar"
        case .dateTime: "the field is a date with a time of day"
        case .localFlag: "the field says yes or no in a spreadsheet's own language"
        }
    }

    /// What the sender can do about it.
    public var remedy: String {
        switch self {
        case .errorValue, .formula: "mend the cell and export its value"
        case .narrowColumn: "widen the column and export again"
        case .missingWord: "leave the field empty"
        case .paddedBlanks: "take the blanks off"
        case .scientific, .lostZero: "format the column as text before the values are put in, and export again"
        case .groupedNumber, .decimalComma, .currencySign, .accountingNegative, .percent, .plusSign:
            "write the number as 1234.50"
        case .decimalInteger: "write the whole number without a point"
        case .daySerial, .regionalDate, .monthName, .dateTime: "format the column as YYYY-MM-DD and export again"
        case .localFlag: "write Y or N"
        }
    }

    /// The habit that a field shows whose content is not what its kind wants, or nil.
    ///
    /// It is asked after a field did not read as its kind: a date column's 45000 is a day number, an amount's 45000
    /// is a number. For plain text only what no person writes is a habit.
    public static func recognize(_ content: [UInt8], as kind: FieldKind) -> SpreadsheetHabit? {
        if let habit = anywhere(content) { return habit }
        guard kind != .text else { return nil }
        if content.first == UInt8(ascii: "="), content.count > 1 { return .formula }
        if content.first == UInt8(ascii: "'"), content.count > 1 { return .formula }
        if missingWords.contains(content.map(lowercased)) { return .missingWord }
        let trimmed = NumberShape.trimmed(content)
        if trimmed.count < content.count {
            return trimmed.isEmpty ? .paddedBlanks : recognize(trimmed, as: kind) ?? .paddedBlanks
        }
        switch kind {
        case .text: return nil
        case .identifier: return NumberShape(content).isScientific ? .scientific : nil
        case .phone: return phone(content)
        case .integer, .decimal: return number(content, as: kind)
        case .date, .time: return date(content, as: kind)
        case .flag: return localFlags.contains(content.map(lowercased)) ? .localFlag : nil
        }
    }

    private static func anywhere(_ content: [UInt8]) -> SpreadsheetHabit? {
        let hash = UInt8(ascii: "#")
        guard content.first == hash, content.count > 1 else { return nil }
        if content.allSatisfy({ $0 == hash }) { return .narrowColumn }
        if content == Array("#N/A".utf8) || content == Array("#NV".utf8) { return .errorValue }
        let isMarked = content.last == UInt8(ascii: "!") || content.last == UInt8(ascii: "?")
        let isName = content.dropFirst().dropLast().allSatisfy {
            (0x41...0x5A).contains($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "_")
                || $0 >= 0x80
        }
        return isMarked && isName && content.count > 3 ? .errorValue : nil
    }

    private static func phone(_ content: [UInt8]) -> SpreadsheetHabit? {
        let shape = NumberShape(content)
        if shape.isScientific { return .scientific }
        if shape.isDecimalInteger { return .decimalInteger }
        return shape.isDigits && content.first != UInt8(ascii: "0") && (6...14).contains(content.count)
            ? .lostZero : nil
    }

    private static func number(_ content: [UInt8], as kind: FieldKind) -> SpreadsheetHabit? {
        let shape = NumberShape(content)
        if shape.isScientific { return .scientific }
        if shape.hasCurrency { return .currencySign }
        if shape.isPercent { return .percent }
        if shape.isAccountingNegative { return .accountingNegative }
        if kind == .integer, shape.isDecimalInteger { return .decimalInteger }
        if shape.isGrouped { return .groupedNumber }
        if shape.isDecimalComma { return .decimalComma }
        return shape.hasPlus ? .plusSign : nil
    }

    private static func date(_ content: [UInt8], as kind: FieldKind) -> SpreadsheetHabit? {
        let shape = DateShape(content)
        if shape.isSerial { return .daySerial }
        if shape.hasMonthName { return .monthName }
        if shape.isRegional { return .regionalDate }
        return kind == .date && shape.isDateTime ? .dateTime : nil
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    private static let missingWords = Set(
        ["null", "nan", "none", "nil", "n/a", "na", "(null)", "\\n", "-", "--", "?", "nat", "undefined"].map {
            Array($0.utf8)
        })
    private static let localFlags = Set(
        [
            "wahr", "falsch", "vrai", "faux", "vero", "falso", "verdadero", "verdadeiro", "prawda", "fałsz", "ja",
            "nein", "oui", "non", "si", "sí", "sì", "on", "off", "x",
        ].map { Array($0.utf8) })
}
