import Testing
import XML

@Suite("Entries of a document")
struct EntryReaderTests {
    private let document = """
        <?xml version="1.0" encoding="UTF-8"?>
        <registrations xmlns="urn:clinic" batch="7">
          <registration a='1'>
            <mrn>é12</mrn><!-- c -->
            <name>A &amp; <![CDATA[<B>]]></name>
          </registration>
          <registration/>
        </registrations>

        """

    @Test("each child of the root is an entry with its tree and its place")
    func trees() throws {
        let reader = try EntryReader(bytes: Array(document.utf8))
        #expect(reader.root.name == Name("registrations", namespace: "urn:clinic"))
        #expect(reader.root.value(of: "batch") == Array("7".utf8))
        let first = try #require(try reader.next())
        #expect(first.position.line == 3)
        #expect(first.position.column == 3)
        #expect(first.element.value(of: "a") == Array("1".utf8))
        #expect(first.element.children.map(\.name.local) == ["mrn", "name"])
        #expect(first.element.children.map(\.text) == [Array("é12".utf8), Array("A & <B>".utf8)])
        #expect(first.element.children.map(\.position.line) == [4, 5])
        #expect(first.element.children[0].textPosition.column == 10)
        #expect(first.element.children[0].end.column == 19)
        #expect(first.element.end.offset == first.position.offset + first.verbatim.count)
        #expect(first.element.children(named: "mrn", namespace: "urn:clinic").count == 1)
        #expect(first.element.children(named: "mrn").isEmpty)
        let second = try #require(try reader.next())
        #expect(second.element.children.isEmpty)
        #expect(second.position.line == 7)
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
    }

    @Test(
        "the bytes of an entry are those of the document, in its encoding",
        arguments: [
            ("UTF-8", [UInt8]()), ("UTF-16", [0xFF, 0xFE]), ("UTF-16", [0xFE, 0xFF]), ("UTF-8", [0xEF, 0xBB, 0xBF]),
            ("ISO-8859-1", []), ("windows-1252", []), ("iso-8859-15", []), ("ISO-8859-2", []),
        ])
    func verbatim(encoding: String, mark: [UInt8]) throws {
        let text = document.replacing("UTF-8", with: encoding).replacing("\n", with: "\r\n")
        let bytes = mark + encode(text, encoding, bigEndian: mark.first == 0xFE)
        let read = entries(bytes)
        #expect(read.fault == nil)
        #expect(read.entries.count == 2)
        for entry in read.entries {
            let start = entry.position.offset
            #expect(entry.verbatim == Array(bytes[start..<(start + entry.verbatim.count)]))
        }
        #expect(read.entries.first?.element.children.first?.text == Array("é12".utf8))
        #expect(read.entries.last?.verbatim == encode("<registration/>", encoding, bigEndian: mark.first == 0xFE))
        #expect(read.entries.map(\.position.line) == [3, 7])
        #expect(read.entries.first?.element.children.map(\.position.column) == [5, 5])
    }

    /// Encodes a text whose only letter beyond ASCII is "é", which the encodings at hand share.
    private func encode(_ text: String, _ encoding: String, bigEndian: Bool) -> [UInt8] {
        switch encoding {
        case "UTF-8": Array(text.utf8)
        case "UTF-16":
            text.utf16.flatMap { unit in
                let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
                return bigEndian ? bytes : bytes.reversed()
            }
        default: text.unicodeScalars.map { UInt8($0.value) }
        }
    }

    @Test("the entries are the same whole, in pieces and byte by byte")
    func pieces() throws {
        let bytes = Array(document.utf8)
        let whole = entries(bytes).entries
        #expect(whole.count == 2)
        for length in [1, 2, 5, 64] {
            var rest = bytes[...]
            let reader = try EntryReader { _ in
                defer { rest = rest.dropFirst(length) }
                return Array(rest.prefix(length))
            }
            var read: [Entry] = []
            while let entry = try reader.next() {
                read.append(entry)
            }
            #expect(read == whole)
        }
    }

    @Test("the entries before a fault are told, then the fault, again and again")
    func faultAfterEntries() throws {
        let reader = try EntryReader(bytes: Array("<a><b>1</b><b>2</c></a>".utf8))
        #expect(try reader.next()?.element.text == Array("1".utf8))
        for _ in 0..<2 {
            do {
                _ = try reader.next()
                Issue.record("no fault")
            } catch {
                #expect((error as? Fault)?.code == .malformed)
            }
        }
    }

    @Test("a first pass says whether a document is whole")
    func firstPass() throws {
        try EntryReader.checkWhole(pull: pull(document))
        do {
            try EntryReader.checkWhole(pull: pull(String(document.dropLast(4))))
            Issue.record("no fault")
        } catch {
            #expect((error as? Fault)?.code == .incomplete)
        }
    }

    private func pull(_ text: String) -> (Int) -> [UInt8] {
        var rest = Array(text.utf8)[...]
        return { most in
            defer { rest = rest.dropFirst(most) }
            return Array(rest.prefix(most))
        }
    }

    @Test("text between the entries is refused, white space is not")
    func strayText() {
        #expect(entries(Array("<a> <b/>\n\t<b/></a>".utf8)).fault == nil)
        let stray = entries(Array("<a><b/>lost<b/></a>".utf8))
        #expect(stray.entries.count == 1)
        #expect(stray.fault?.code == .strayText)
        #expect(stray.fault?.position.column == 8)
    }

    @Test("an entry has limits of bytes and of elements")
    func limits() {
        var limits = Limits()
        limits.entry = 20
        limits.elements = 3
        #expect(entries(Array("<a><b>0123456789ab</b></a>".utf8), limits: limits).fault?.code == nil)
        #expect(entries(Array("<a><b>0123456789abcd</b></a>".utf8), limits: limits).fault?.code == .tooLarge)
        #expect(entries(Array("<a><b><c/><c/></b></a>".utf8), limits: limits).fault?.code == nil)
        #expect(entries(Array("<a><b><c/><c/><c/></b></a>".utf8), limits: limits).fault?.code == .tooLarge)
    }

    @Test("a document of many entries is read in the memory of one")
    func manyEntries() throws {
        var left = 200_000
        var state = 0
        let reader = try EntryReader { _ in
            state += 1
            if state == 1 { return Array("<a>".utf8) }
            guard left > 0 else {
                return state < 1_000_000
                    ? {
                        state = 1_000_000
                        return Array("</a>".utf8)
                    }() : []
            }
            left -= 1000
            return Array(String(repeating: "<b>text of an entry</b>\n", count: 1000).utf8)
        }
        var count = 0
        var line = 0
        while let entry = try reader.next() {
            count += 1
            line = entry.position.line
        }
        #expect(count == 200_000)
        #expect(line == 200_000)
    }

    private let statement = """
        <d xmlns="urn:bank"><s><h><id>1</id></h><g n='1'><id>G1</id><e>a</e> <e>b<f/>c</e></g>
          <g n='2'><e/></g></s></d>
        """

    @Test("elements at a depth that is asked for are entries, with those around them")
    func depth() throws {
        let bytes = Array(statement.utf8)
        let reader = try EntryReader(depth: 3, bytes: bytes)
        var told: [String] = []
        while let entry = try reader.next() {
            let around = entry.ancestors.map {
                $0.name.local + String(decoding: $0.value(of: "n") ?? [], as: UTF8.self)
            }
            told.append("\(around.joined(separator: "/")): \(String(decoding: entry.verbatim, as: UTF8.self))")
            let start = entry.position.offset
            #expect(entry.verbatim == Array(bytes[start..<start + entry.verbatim.count]))
        }
        #expect(
            told == [
                "d/s/h: <id>1</id>", "d/s/g1: <id>G1</id>", "d/s/g1: <e>a</e>", "d/s/g1: <e>b<f/>c</e>", "d/s/g2: <e/>",
            ])
    }

    @Test("with a depth of nothing the document is one entry")
    func whole() throws {
        let reader = try EntryReader(depth: 0, bytes: Array("<?xml version='1.0'?>\n<a>x<b/></a>\n".utf8))
        let entry = try #require(try reader.next())
        #expect(entry.verbatim == Array("<a>x<b/></a>".utf8))
        #expect(entry.ancestors.isEmpty)
        #expect(entry.position.line == 2)
        #expect(try reader.next() == nil)
    }

    @Test("text beside the entries at a depth is refused")
    func strayAtDepth() throws {
        let reader = try EntryReader(depth: 2, bytes: Array("<a><b>x<c/></b></a>".utf8))
        do {
            _ = try reader.next()
            Issue.record("no fault")
        } catch {
            #expect((error as? Fault)?.code == .strayText)
        }
    }

    @Test("mixed content can be read in its order")
    func mixed() throws {
        let read = entries(Array("<a><p>one <b>two</b> é <i/>three</p></a>".utf8))
        let paragraph = try #require(read.entries.first?.element)
        #expect(paragraph.text == Array("one  é three".utf8))
        #expect(paragraph.children.map(\.textBefore) == [4, 8])
    }
}
