import Barcodes
import Testing

/// The fault a barcode meets, or nil when it is read.
func fault(_ text: String, currentYear: Int = 2026) -> BarcodeFault? {
    do throws(BarcodeFault) {
        _ = try Scan.read(text, currentYear: currentYear)
        return nil
    } catch {
        return error
    }
}

@Suite("GS1 barcodes")
struct GS1Tests {
    static let full = "01095212345432131726123110LOT-7/A\u{1D}21SN0001"

    @Test(
        "the same item reads alike in every form",
        arguments: [
            full, "]C1\(full)", "]d2\(full)", "]Q3\(full)", "]e0\(full)", "\u{1D}\(full)", "]d2\u{1D}\(full)\u{1D}",
            "0109521234543213\u{1D}17261231\u{1D}10LOT-7/A\u{1D}21SN0001",
            "010952123454321317261231" + "10LOT-7/A\u{241D}21SN0001",
            "(01)09521234543213(17)261231(10)LOT-7/A(21)SN0001",
            "https://id.gs1.org/01/09521234543213/10/LOT-7%2FA/21/SN0001?17=261231",
            "HTTPS://example.com/some/path/01/9521234543213/10/LOT-7%2fA/21/SN0001/?linkType=all&17=261231#top",
        ])
    func forms(text: String) throws {
        let scan = try Scan.read(text, currentYear: 2026)
        #expect(scan.system == .gs1)
        #expect(scan.gtin == "09521234543213")
        #expect(scan.lot == "LOT-7/A")
        #expect(scan.serial == "SN0001")
        #expect(scan.expiry == ScanDate(year: 2026, month: 12, day: 31))
        #expect(scan.elements.count == 4)
        #expect(scan.doubts.isEmpty)
    }

    @Test("elements tell where they begin")
    func positions() throws {
        let scan = try Scan.read("]C1" + Self.full, currentYear: 2026)
        #expect(scan.elements.map(\.identifier) == ["01", "17", "10", "21"])
        #expect(scan.elements.map(\.position) == [6, 22, 30, 40])
    }

    @Test("counts, production date and contained items are taken")
    func others() throws {
        let scan = try Scan.read("(02)09521234543213(37)25(11)250100", currentYear: 2026)
        #expect(scan.gtin == "09521234543213")
        #expect(scan.count == 25)
        #expect(scan.productionDate == ScanDate(year: 2025, month: 1, day: 31))
        #expect(try Scan.read("(01)09521234543213(30)4", currentYear: 2026).count == 4)
        #expect(try Scan.read("]C170032602281200", currentYear: 2026).expiry == ScanDate(year: 2026, month: 2, day: 28))
    }

    @Test(
        "day 00 is the last of the month",
        arguments: [("260200", 28), ("280200", 29), ("260400", 30), ("261200", 31)])
    func dayZero(digits: String, day: Int) throws {
        #expect(try Scan.read("17\(digits)", currentYear: 2026).expiry?.day == day)
    }

    @Test(
        "the century slides with the current year",
        arguments: [
            (2026, "76", 2076), (2026, "77", 1977), (2026, "00", 2000), (2026, "26", 2026), (2090, "40", 2140),
            (2090, "41", 2041), (1999, "49", 2049), (1999, "50", 1950), (2000, "51", 1951), (2000, "50", 2050),
        ])
    func century(current: Int, digits: String, year: Int) throws {
        #expect(try Scan.read("]C117\(digits)0101", currentYear: current).expiry?.year == year)
    }

    @Test("a bare GTIN of any length becomes one of 14 digits")
    func bareGTIN() throws {
        for number in ["40170725", "614141123452", "4012345678901", "09521234543213", "]E04012345678901"] {
            let gtin = try #require(try Scan.read(number, currentYear: 2026).gtin)
            #expect(gtin.count == 14 && GTIN.isValid(gtin))
        }
        #expect(fault("4012345678902")?.code == "inventory.check-digit")
        #expect(fault("4012345678902")?.position == 13)
    }

    @Test(
        "a barcode that is none is refused in its place",
        arguments: [
            ("", BarcodeFault.Kind.empty, 1), ("]C1", .empty, 4), ("\u{1D}", .empty, 1),
            ("0109521234543214", .checkDigit, 16), ("(01)09521234543214", .checkDigit, 18),
            ("]C10109521234543214", .checkDigit, 19), ("01095212345432", .checkDigit, 14),
            ("010952123454321", .tooShort, 16), ("0109521234543213179913", .tooShort, 23),
            ("17261331", .checkDigit, 8), ("]C117261331", .badDate, 6), ("]C117260230", .badDate, 6),
            ("]C117000000", .badDate, 6), ("0109521234543213" + "0512", .unknownIdentifier, 17),
            ("hello", .unknownIdentifier, 1), ("(05)1", .unknownIdentifier, 2), ("(1)1", .badBrackets, 1),
            ("(10)A(", .none, 0), ("10ABC DEF", .badCharacter, 6), ("10ÄBC", .badCharacter, 3),
            ("10A\u{1D}10B", .contradiction, 7), ("10123456789012345678901", .missingSeparator, 23),
            ("30123456789", .missingSeparator, 11), ("https://example.com/", .badLink, 1),
            ("https://id.gs1.org/01/09521234543214", .checkDigit, 36),
            ("https://id.gs1.org/01/09521234543213/10", .badLink, 40),
            ("https://id.gs1.org/01/09521234543213/10/A%G0", .badLink, 43),
            ("https://id.gs1.org/01/09521234543213?05=1", .unknownIdentifier, 38),
            ("10\u{1D}17261231", .tooShort, 3),
        ] as [(String, BarcodeFault.Kind?, Int)])
    func faults(text: String, kind: BarcodeFault.Kind?, position: Int) {
        let found = fault(text)
        #expect(found?.kind == kind)
        if kind != nil { #expect(found?.position == position) }
        #expect(found?.detail.isEmpty != true)
    }

    @Test("the same element twice is no contradiction")
    func repeated() throws {
        #expect(try Scan.read("10A\u{1D}10A", currentYear: 2026).elements.count == 1)
    }

    @Test("a lot that may have swallowed a date raises a doubt")
    func doubt() throws {
        let scan = try Scan.read("010952123454321310LOT717261231", currentYear: 2026)
        #expect(scan.doubts.map(\.kind) == [.missingSeparator])
        #expect(scan.doubts.first?.position == 23)
        #expect(try Scan.read("010952123454321310LOT717\u{1D}21X", currentYear: 2026).doubts.isEmpty)
    }

    @Test("every character of the set is read and written, every other refused")
    func charset() throws {
        for value in UInt8(0x20)..<0x7F {
            let character = String(Character(Unicode.Scalar(value)))
            let isAllowed = !" #$@[\\]^`{|}~".contains(character)
            #expect((fault("10A\(character)") == nil) == isAllowed, "\(character)")
        }
    }

    @Test("the table has every identifier once, and none begins another")
    func table() {
        let digits = ApplicationIdentifier.all.map(\.digits)
        #expect(Set(digits).count == digits.count)
        #expect(digits.count > 500)
        for one in digits {
            #expect((2...4).contains(one.count))
            #expect(!digits.contains { $0 != one && $0.hasPrefix(one) })
        }
        for identifier in ApplicationIdentifier.all {
            #expect(identifier.maximumLength > 0 && identifier.minimumLength <= identifier.maximumLength)
            // Only what has one length can do without a separator.
            if !identifier.needsSeparator { #expect(identifier.minimumLength == identifier.maximumLength) }
        }
        #expect(ApplicationIdentifier.named("3102")?.needsSeparator == false)
        #expect(ApplicationIdentifier.named("10")?.needsSeparator == true)
        #expect(ApplicationIdentifier.named("7003")?.needsSeparator == true)
        #expect(ApplicationIdentifier.named("414")?.needsSeparator == false)
    }

    @Test("what the writer makes, the reader reads, for every identifier")
    func roundTrip() throws {
        for identifier in ApplicationIdentifier.all {
            var writer = GS1Writer()
            let samples = [
                "00": "006141411234567890", "253": "9521321000001", "255": "9521321000001", "402": "95212345678901239",
                "8003": "09521234543213", "8006": "095212345432130102", "8026": "095212345432130102",
                "4324": "2601011200", "4325": "2601011200", "7003": "2601011200", "8008": "26010112",
                "8017": "952012345678901235", "8018": "952012345678901235", "7040": "1ABC", "7258": "1/2",
                "4307": "CH", "4317": "CH", "7250": "20260101", "7251": "202601011200", "7241": "10",
                "8001": "00010001200310", "8007": "GB82WEST12345698765432", "8013": "1987654Ad4X4bL5ttr2310c2K",
            ]
            let sample: String
            if let given = samples[identifier.digits] {
                sample = given
            } else if identifier.format == "N13" && identifier.digits.hasPrefix("41") {
                sample = "9521321000001"
            } else if ["01", "02", "03"].contains(identifier.digits) {
                sample = "09521234543213"
            } else if ["11", "12", "13", "15", "16", "17", "4326", "7006", "7007", "7011"].contains(identifier.digits) {
                sample = "260101"
            } else {
                sample = String(repeating: "1", count: identifier.minimumLength)
            }
            let body = String(sample.dropLast())
            let isKeyed = CheckDigit.digit(for: body) != nil && sample.count > 12 && !sample.hasPrefix("1")
            let value =
                isKeyed && identifier.minimumLength == sample.count && !identifier.format.contains("+")
                ? body + String(try #require(CheckDigit.digit(for: body))) : sample
            try writer.append(identifier.digits, value)
            try writer.append("99", "END")
            if identifier.digits == "99" { continue }
            for text in [writer.elementString, writer.bracketed] {
                let scan = try Scan.read(text, currentYear: 2026)
                #expect(scan.elements.map(\.identifier) == [identifier.digits, "99"])
                #expect(scan.elements.map(\.value) == [value, "END"])
            }
        }
    }

    @Test("the writer refuses what a reader would refuse")
    func writerRefuses() {
        var writer = GS1Writer()
        #expect(throws: BarcodeFault.self) { try writer.append("01", "09521234543214") }
        #expect(throws: BarcodeFault.self) { try writer.append("05", "1") }
        #expect(throws: BarcodeFault.self) { try writer.append("10", "A\u{1D}B") }
        #expect(writer.elementString.isEmpty)
    }
}

@Suite("Check digits")
struct CheckDigitTests {
    @Test(
        "are those of published examples",
        arguments: [
            ("629104150021", "3"), ("0952123454321", "3"), ("00614141123456789", "0"), ("61414112345", "2"),
            ("4017072", "5"),
        ])
    func published(body: String, digit: String) {
        #expect(CheckDigit.digit(for: body).map(String.init) == digit)
        #expect(CheckDigit.isValid(body + digit))
    }

    @Test("find every single misread digit")
    func misread() {
        let key = Array("09521234543213")
        for index in key.indices {
            for digit in "0123456789" where digit != key[index] {
                var misread = key
                misread[index] = digit
                #expect(GTIN.normalized(String(misread)) == nil)
            }
        }
    }

    @Test("letters and nothing have none", arguments: ["", "12A", " 1", "+5"])
    func letters(body: String) {
        #expect(CheckDigit.digit(for: body) == nil)
        #expect(!GTIN.isValid(body))
    }
}
