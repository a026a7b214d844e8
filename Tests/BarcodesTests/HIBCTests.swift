import Barcodes
import Testing

@Suite("HIBC barcodes")
struct HIBCTests {
    /// A barcode with its check character put on.
    private func checked(_ body: String) throws -> String {
        body + String(try #require(HIBC.checkCharacter(for: body)))
    }

    @Test("the check characters are those of published examples")
    func published() {
        #expect(HIBC.checkCharacter(for: "+A123BJC5D6E71") == "G")
        #expect(HIBC.checkCharacter(for: "+H123ABC01234567890") == "D")
        #expect(HIBC.checkCharacter(for: "+a") == nil)
    }

    @Test("a primary gives labeler, product and unit of measure")
    func primary() throws {
        let scan = try Scan.read("+A123BJC5D6E71G", currentYear: 2026)
        #expect(scan.system == .hibc)
        #expect(scan.labeler == "A123")
        #expect(scan.product == "BJC5D6E7")
        #expect(scan.unitOfMeasure == 1)
        #expect(scan.gtin == nil)
    }

    @Test("primary and secondary in one, with supplements")
    func concatenated() throws {
        let scan = try Scan.read(
            try checked("+A99912345/$$52001510X3/16D20111212/S77DEFG45"), currentYear: 2018)
        #expect(scan.labeler == "A999")
        #expect(scan.product == "1234")
        #expect(scan.unitOfMeasure == 5)
        #expect(scan.expiry == ScanDate(year: 2020, month: 1, day: 15))
        #expect(scan.lot == "10X3")
        #expect(scan.productionDate == ScanDate(year: 2011, month: 12, day: 12))
        #expect(scan.serial == "77DEFG45")
        #expect(scan.elements.map(\.identifier) == ["LIC", "PCN", "UM", "EXP", "LOT", "16D", "SN"])
    }

    @Test(
        "every date form is read, with and without quantity",
        arguments: [
            ("$$0928LOT7", 2028, 9, 30), ("$$2093028LOT7", 2028, 9, 30), ("$$3280930LOT7", 2028, 9, 30),
            ("$$428093011LOT7", 2028, 9, 30), ("$$528274LOT7", 2028, 9, 30), ("$$62827411LOT7", 2028, 9, 30),
            ("28274LOT7", 2028, 9, 30), ("$$8050928LOT7", 2028, 9, 30), ("$$9000053280930LOT7", 2028, 9, 30),
            ("$$0228LOT7", 2028, 2, 29),
        ])
    func dates(data: String, year: Int, month: Int, day: Int) throws {
        let scan = try Scan.read(try checked("+\(data)G"), currentYear: 2026)
        #expect(scan.expiry == ScanDate(year: year, month: month, day: day))
        #expect(scan.lot == "LOT7")
        #expect(scan.link == "G")
        #expect(scan.count == (data.hasPrefix("$$8") || data.hasPrefix("$$9") ? 5 : nil))
    }

    @Test("lots and serial numbers without a date")
    func undated() throws {
        #expect(try Scan.read(try checked("+$LOT7G"), currentYear: 2026).lot == "LOT7")
        #expect(try Scan.read(try checked("+$$7LOT7G"), currentYear: 2026).lot == "LOT7")
        #expect(try Scan.read(try checked("+$+SN9G"), currentYear: 2026).serial == "SN9")
        let dated = try Scan.read(try checked("+$$+0928SN9G"), currentYear: 2026)
        #expect(dated.serial == "SN9" && dated.lot == nil)
        #expect(dated.expiry == ScanDate(year: 2028, month: 9, day: 30))
        let quantity = try Scan.read(try checked("+A123BJC5D6E71/$LOT7/Q500/14D20280930"), currentYear: 2026)
        #expect(quantity.count == 500 && quantity.lot == "LOT7")
        #expect(quantity.expiry == ScanDate(year: 2028, month: 9, day: 30))
    }

    @Test("a wrong check character is a misread")
    func checkCharacter() throws {
        let body = "+A123BJC5D6E71/$$52001510X3"
        let right = try #require(HIBC.checkCharacter(for: body))
        for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%" where character != right {
            let found = fault(body + String(character))
            #expect(found?.code == "inventory.check-digit")
            #expect(found?.position == body.count + 1)
        }
    }

    @Test(
        "what is none is refused in its place",
        arguments: [
            ("+A12", BarcodeFault.Kind.tooShort, 5), ("+1A23B", .unknownIdentifier, 2), ("+A1234", .tooShort, 7),
            ("+A123-51", .badCharacter, 6), ("+A123BJC5X", .badCharacter, 10),
            ("+A1231234567890123456789X1", .tooLong, 25), ("+$$1328LOTG", .badDate, 4),
            ("+$$3280231LOTG", .badDate, 5), ("+$$528367LOTG", .badDate, 5), ("+$$A928LOTG", .badDate, 4),
            ("+$$8A50928LOTG", .badCharacter, 5), ("+A123BJC5D6E71/XLOT", .unknownIdentifier, 16),
            ("+A123BJC5D6E71/$LOT/S", .tooShort, 22), ("+A123BJC5D6E71/14D20280231", .badDate, 19),
            ("+A123BJC5D6E71/$$0928LOT/14D20270101", .contradiction, 29), ("+A123BJC5D6E71/Q", .badCharacter, 17),
            ("+$\(String(repeating: "L", count: 19))G", .tooLong, 21),
        ] as [(String, BarcodeFault.Kind, Int)])
    func faults(body: String, kind: BarcodeFault.Kind, position: Int) throws {
        let found = try #require(fault(try checked(body)))
        #expect(found.kind == kind)
        #expect(found.position == position)
        #expect(found.code == "inventory.bad-barcode")
    }

    @Test("small letters have no place")
    func smallLetters() {
        #expect(fault("+A123bJC5D6E71G")?.kind == .badCharacter)
        #expect(fault("+A123bJC5D6E71G")?.position == 6)
    }

    @Test("any bytes are read or refused, never a crash, and a fault lies within the barcode")
    func anything() {
        var state: UInt64 = 7
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        let alphabet = Array("0123456789011710212401ABCz+$/().-%? ]C1:\u{1D}ä")
        let starts = ["", "+", "+A123", "+$$", "(01)", "https://id.gs1.org/01/", "]C1", "01", "17", "10"]
        for _ in 0..<20_000 {
            var text = starts[next() % starts.count]
            for _ in 0..<(next() % 24) { text.append(alphabet[next() % alphabet.count]) }
            for candidate in [text, text.hasPrefix("+") ? text + String(HIBC.checkCharacter(for: text) ?? "0") : text] {
                guard let found = fault(candidate) else { continue }
                #expect((1...(candidate.unicodeScalars.count + 1)).contains(found.position), "\(candidate) \(found)")
            }
        }
    }
}
