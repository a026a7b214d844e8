import CSV
import Testing

@Suite("CSV typed fields")
struct TypedFieldTests {
    private func record(_ value: String) throws -> Record {
        var writer = Writer(dialect: Dialect(lineEnd: .lf))
        writer.append([.text("a"), .text("b")])
        writer.append([.verbatim(Array("é".utf8)), .verbatim(Array(value.utf8))])
        return try #require(try read(writer.bytes).records.first)
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Fault)?.code.rawValue
        }
    }

    @Test(
        "integers are digits with a minus or without",
        arguments: [("0", 0), ("12", 12), ("-7", -7), ("007", 7), ("999999999999999999", 999_999_999_999_999_999)])
    func integers(text: String, value: Int) throws {
        #expect(try record(text).integer(1) == value)
    }

    @Test(
        "what is no integer is none",
        arguments: [
            ("", "csv.empty-value"), ("-", "spreadsheet.missing-word"), ("+5", "spreadsheet.plus-sign"),
            ("1.5", "csv.not-an-integer"), ("1e3", "spreadsheet.scientific"), ("12x", "csv.not-an-integer"),
            ("0x10", "csv.not-an-integer"), ("99999999999999999999", "csv.not-an-integer"),
            ("12.0", "spreadsheet.decimal-integer"), ("1 2", "csv.not-an-integer"), ("١٢", "csv.not-an-integer"),
        ])
    func noIntegers(text: String, expected: String) throws {
        let record = try record(text)
        #expect(code { _ = try record.integer(1) } == expected)
    }

    @Test(
        "decimals are counted in units of their last digit",
        arguments: [("12.5", 1250), ("12", 1200), ("-0.05", -5), ("0.50", 50), ("92233720368547758.07", Int.max)])
    func decimals(text: String, units: Int) throws {
        #expect(try record(text).decimal(1, fractionDigits: 2) == units)
    }

    @Test(
        "what is no decimal is none",
        arguments: [
            ("", "csv.empty-value"), (".5", "csv.not-a-decimal"), ("5.", "csv.not-a-decimal"),
            ("1.234", "spreadsheet.grouped-number"), ("1.2345", "csv.not-a-decimal"),
            ("1.2.3", "csv.not-a-decimal"), ("1,234.50", "spreadsheet.grouped-number"),
            ("12,50", "spreadsheet.decimal-comma"), ("NaN", "spreadsheet.missing-word"),
            ("inf", "csv.not-a-decimal"), ("--1", "csv.not-a-decimal"),
            ("92233720368547758.08", "csv.not-a-decimal"), ("1.23E+15", "spreadsheet.scientific"),
        ])
    func noDecimals(text: String, expected: String) throws {
        let record = try record(text)
        #expect(code { _ = try record.decimal(1, fractionDigits: 2) } == expected)
    }

    @Test("days are those of the calendar")
    func days() throws {
        #expect(try record("2028-02-29").day(1) == Day(year: 2028, month: 2, day: 29))
        for (text, expected) in [
            ("", "csv.empty-value"), ("2026-02-29", "csv.not-a-date"), ("2026-13-01", "csv.not-a-date"),
            ("20260201", "csv.not-a-date"), ("2026-2-3", "spreadsheet.regional-date"),
            ("45000", "spreadsheet.day-serial"), ("03/04/2026", "spreadsheet.regional-date"),
            ("2026-02-03 00:00:00", "spreadsheet.date-time"), ("02-Mar", "spreadsheet.month-name"),
            ("0000-01-01", "csv.not-a-date"),
        ] {
            let record = try record(text)
            #expect(code { _ = try record.day(1) } == expected, "\(text)")
        }
    }

    @Test("times are ISO 8601, with an offset or without")
    func times() throws {
        let plain = try record("2026-11-22T09:30").time(1)
        #expect(plain.hour == 9 && plain.minute == 30 && plain.second == 0 && plain.offset == nil)
        #expect(try record("2026-11-22T09:30:15Z").time(1).offset == 0)
        #expect(try record("2026-11-22T09:30:15-03:30").time(1).offset == -210)
        #expect(try record("2026-11-22T23:59:59+14:00").time(1).second == 59)
        for text in [
            "2026-11-22T24:00", "2026-11-22T09:60", "2026-11-22T09:30:60", "2026-11-22T09:30+0100",
            "2026-11-22T09:30X", "2026-02-30T09:30", "2026-11-22T9:30", "2026-11-22",
        ] {
            let record = try record(text)
            #expect(code { _ = try record.time(1) } == "csv.not-a-time", "\(text)")
        }
    }

    @Test("flags say yes or no in a few words")
    func flags() throws {
        for text in ["Y", "y", "1", "YES", "Yes", "true"] { #expect(try record(text).flag(1)) }
        for text in ["N", "n", "0", "no", "FALSE"] { #expect(try !record(text).flag(1)) }
        for (text, expected) in [
            ("", "csv.empty-value"), ("2", "csv.not-a-flag"), ("tru", "csv.not-a-flag"),
            ("WAHR", "spreadsheet.local-flag"), ("maybe", "csv.not-a-flag"),
        ] {
            let record = try record(text)
            #expect(code { _ = try record.flag(1) } == expected, "\(text)")
        }
    }

    @Test("the fault stands where the field begins and quotes no value")
    func places() throws {
        let record = try record("SECRET")
        let fault = try #require(throws: Fault.self) { try record.integer(1) }
        #expect(fault.position == Position(line: 2, column: 3, byteOffset: 7))
        #expect(fault.field == 2)
        #expect(!fault.detail.contains("SECRET"))
    }
}

@Suite("Spreadsheet habits")
struct SpreadsheetHabitTests {
    static let examples: [SpreadsheetHabit: [(String, FieldKind)]] = [
        .errorValue: [
            ("#REF!", .text), ("#N/A", .date), ("#DIV/0!", .decimal), ("#NAME?", .phone), ("#ÜBERLAUF!", .text),
        ],
        .narrowColumn: [("########", .date), ("##", .text), ("#####", .decimal)],
        .formula: [("=A1+B2", .decimal), ("=\"0041\"", .identifier), ("'0041", .phone)],
        .missingWord: [("NULL", .date), ("nan", .decimal), ("N/A", .phone), ("\\N", .integer), ("-", .decimal)],
        .paddedBlanks: [(" 12", .integer), ("M100\u{A0}", .identifier), ("\u{200B}Y", .flag), ("  ", .date)],
        .scientific: [("1.23E+15", .decimal), ("4.9123E+11", .phone), ("1,5e3", .integer), ("9E05", .identifier)],
        .groupedNumber: [
            ("1,234.50", .decimal), ("1.234,50", .decimal), ("1'234.50", .decimal), ("12 345", .integer),
            ("1\u{202F}234,5", .decimal), ("-1,234,567", .integer),
        ],
        .decimalComma: [("12,50", .decimal), ("-0,5", .decimal), ("1234,5", .decimal)],
        .currencySign: [("€12.50", .decimal), ("12.50 EUR", .decimal), ("$ 5", .integer), ("1.234,50 €", .decimal)],
        .accountingNegative: [("(12.50)", .decimal), ("12.50-", .decimal), ("(5)", .integer)],
        .percent: [("12%", .decimal), ("5 %", .integer), ("0.5%", .decimal)],
        .decimalInteger: [("12.0", .integer), ("491234567.0", .phone), ("-3.00", .integer)],
        .plusSign: [("+5", .integer), ("+12.50", .decimal), ("+0", .decimal)],
        .lostZero: [("791112345", .phone), ("491701234567", .phone), ("123456", .phone)],
        .daySerial: [("45000", .date), ("45000.5", .time), ("44927", .time)],
        .regionalDate: [("03/04/2026", .date), ("3.4.26", .date), ("26-02-03", .date), ("3/4/2026 9:30", .time)],
        .monthName: [("02-Mar", .date), ("Sep-26", .date), ("1. Februar 2026", .date), ("3 déc. 2026", .time)],
        .dateTime: [("2026-02-03 00:00:00", .date), ("2026-02-03T00:00", .date), ("2026-02-03 0:00", .date)],
        .localFlag: [("WAHR", .flag), ("Faux", .flag), ("sí", .flag), ("x", .flag)],
    ]

    @Test("each is recognized by its name", arguments: SpreadsheetHabit.allCases)
    func recognized(habit: SpreadsheetHabit) throws {
        let examples = try #require(Self.examples[habit])
        #expect(examples.count >= 3)
        for (text, kind) in examples {
            let expected: SpreadsheetHabit = habit
            #expect(SpreadsheetHabit.recognize(Array(text.utf8), as: kind) == expected, "\(text) as \(kind)")
        }
        #expect(!habit.statement.isEmpty && !habit.remedy.isEmpty)
        #expect(Fault.Code.all.contains(habit.code))
    }

    @Test(
        "what people write is none",
        arguments: [
            ("Null", .text), ("#1 priority!", .text), ("=", .text), ("O'Brien", .identifier), ("0791112345", .phone),
            ("+41 79 111 23 45", .phone), ("#", .text), ("Mayer", .text), ("N/A", .text), ("12345", .identifier),
            ("1E", .identifier), ("ABC", .date), ("2026-02-30", .date), ("12a", .integer), ("1.2.3", .decimal),
            ("perhaps", .flag),
        ] as [(String, FieldKind)])
    func none(text: String, kind: FieldKind) {
        #expect(SpreadsheetHabit.recognize(Array(text.utf8), as: kind) == nil)
    }

    @Test("any bytes are looked at without a crash")
    func anything() {
        var random = Seeded(state: 11)
        let pool = Array("0123456789.,-+eE%€()'# /T:NaMar=\u{A0}".utf8) + [0xFF, 0x00]
        for _ in 0..<4000 {
            let bytes = (0..<Int.random(in: 0..<14, using: &random)).map { _ in pool.randomElement(using: &random) ?? 0
            }
            for kind in FieldKind.allCases { _ = SpreadsheetHabit.recognize(bytes, as: kind) }
        }
    }
}
