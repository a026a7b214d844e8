import Barcodes
import Testing

@Suite("GS1 content")
struct ContentTests {
    @Test(
        "content that its identifier does not allow is refused in its place",
        arguments: [
            ("(7003)2601012460", BarcodeFault.Kind.badContent, 13), ("(7003)2601012360", .badContent, 15),
            ("(4324)2601012500", .badContent, 13), ("(7011)2601011", .badContent, 14),
            ("(7011)2601012401", .badContent, 13), ("(7007)260101260230", .badContent, 13),
            ("(7007)260101260", .badContent, 16), ("(8008)26010124", .badContent, 13),
            ("(8008)2601011260", .badContent, 15), ("(8008)260101121", .badContent, 16),
            ("(7250)20260230", .badContent, 7), ("(7251)202601012401", .badContent, 15),
            ("(7252)3", .badContent, 7), ("(7258)3/2", .badContent, 7), ("(7258)1-2", .badContent, 8),
            ("(8001)00000001200310", .badContent, 7), ("(8001)00010001200320", .badContent, 19),
            ("(8003)19521234543213", .checkDigit, 20), ("(8006)095212345432130302", .badContent, 21),
            ("(8006)095212345432130100", .badContent, 23), ("(8011)012", .badContent, 7),
            ("(4321)2", .badContent, 7), ("(4330)000212x", .badContent, 13), ("(4307)Us", .badContent, 8),
            ("(4309)18000000010000000000", .badContent, 7), ("(4309)00000000003600000001", .badContent, 17),
            ("(423)0400", .badContent, 10), ("(7241)11", .badContent, 7), ("(7040)1AB*", .badContent, 10),
            ("(8007)GB82WEST12345698765433", .checkDigit, 9), ("(8007)GB82WEST1234569876543a", .checkDigit, 28),
            ("(8013)1987654Ad4X4bL5ttr2310cXK", .checkDigit, 30), ("(3910)00012", .badContent, 7),
            ("(3944)0010", .unknownIdentifier, 2), ("(3956)001000", .unknownIdentifier, 2),
        ] as [(String, BarcodeFault.Kind, Int)])
    func refused(text: String, kind: BarcodeFault.Kind, position: Int) {
        let found = fault(text)
        #expect(found?.kind == kind, "\(text): \(String(describing: found))")
        #expect(found?.position == position, "\(text)")
        #expect(found?.byteOffset == position - 1)
    }

    @Test(
        "content that is right is read",
        arguments: [
            "(7003)2601012359", "(4324)2601019999", "(7011)260101", "(7011)2601012359", "(7007)260101260131",
            "(8008)26010123", "(8008)260101235959", "(7250)20260228", "(7258)2/3", "(8001)00010001200310",
            "(8006)095212345432130202", "(4330)000212-", "(4307)CH", "(423)040276", "(7241)80", "(7040)1ABC",
            "(8007)GB82WEST12345698765432", "(8013)1987654Ad4X4bL5ttr2310c2K", "(3912)756001250", "(3943)0010",
        ])
    func read(text: String) {
        #expect(fault(text) == nil)
    }

    @Test("the check pair is that of the published example")
    func checkPair() {
        #expect(CheckPair.pair(for: "1987654Ad4X4bL5ttr2310c") == "2K")
        #expect(CheckPair.isValid("12345_ABCDEFGHIJKLMCP"))
        #expect(!CheckPair.isValid("12345_ABCDEFGHIJKLMCQ"))
        #expect(CheckPair.pair(for: "A B") == nil)
        #expect(CheckPair.pair(for: String(repeating: "1", count: 24)) == nil)
    }

    @Test("the byte offset counts the bytes of what stands in front")
    func byteOffsets() throws {
        // The visible stand-in for FNC1 is three bytes of UTF-8.
        let found = try #require(fault("10AB\u{241D}17261331"))
        #expect(found.kind == .badDate)
        #expect(found.position == 8)
        #expect(found.byteOffset == 9)
    }

    @Test("decimals of every measure and amount are those of the table")
    func families() {
        func count(_ prefix: String) -> Int { ApplicationIdentifier.all.count { $0.digits.hasPrefix(prefix) } }
        #expect(count("310") == 6 && count("390") == 10 && count("393") == 10)
        #expect(count("394") == 4 && count("395") == 6 && count("703") == 10 && count("723") == 10)
    }
}

@Suite("Two barcodes of one package")
struct JoinedTests {
    @Test("a GTIN and a lot scanned apart are one item")
    func gs1() throws {
        let first = try Scan.read("]C10109521234543213", currentYear: 2026)
        let second = try Scan.read("]C11726123110LOT7", currentYear: 2026)
        for joined in [try first.joined(with: second), try second.joined(with: first)] {
            #expect(joined.gtin == "09521234543213" && joined.lot == "LOT7")
            #expect(joined.expiry == ScanDate(year: 2026, month: 12, day: 31))
            #expect(joined.elements.count == 3)
        }
        let other = try Scan.read("(10)LOT8", currentYear: 2026)
        #expect(throws: BarcodeFault.self) { try second.joined(with: other) }
    }

    @Test("a HIBC secondary goes with the primary whose check character it names")
    func hibc() throws {
        let primary = try Scan.read("+A123BJC5D6E71G", currentYear: 2026)
        #expect(primary.checkCharacter == "G")
        for (link, isOurs) in [("G", true), ("H", false)] {
            let body = "+$$0928LOT7\(link)"
            let text = body + String(try #require(HIBC.checkCharacter(for: body)))
            let secondary = try Scan.read(text, currentYear: 2026)
            guard isOurs else {
                #expect(throws: BarcodeFault.self) { try primary.joined(with: secondary) }
                continue
            }
            for joined in [try primary.joined(with: secondary), try secondary.joined(with: primary)] {
                #expect(joined.product == "BJC5D6E7" && joined.lot == "LOT7" && joined.link == "G")
                #expect(joined.checkCharacter == "G")
            }
        }
        let gs1 = try Scan.read("(10)LOT7", currentYear: 2026)
        #expect(throws: BarcodeFault.self) { try primary.joined(with: gs1) }
    }
}
