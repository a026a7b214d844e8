import Testing
import XML

@Suite("Events of a document")
struct EventReaderTests {
    @Test(
        "what a document says is told in its order",
        arguments: [
            ("<a/>", "<a></a>"),
            ("<?xml version=\"1.0\"?>\n<a>x</a>\n", "<a>x</a>"),
            ("<a b='1' c=\"2\">x<d/>y</a>", "<a b=1 c=2>x<d></d>y</a>"),
            ("<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;</a>", "<a><&>\"'AB</a>"),
            ("<a>x<![CDATA[<y>]]>z</a>", "<a>x<y>z</a>"),
            ("<a>x<!-- y -->z</a>", "<a>xz</a>"),
            ("<a>x\r\ny\rz</a>", "<a>x\ny\nz</a>"),
            ("<a b='x\ny&#10;z'/>", "<a b=x y\nz></a>"),
            ("<p:a xmlns:p='urn:p' p:b='1' c='2'/>", "<{urn:p}a {urn:p}b=1 c=2></{urn:p}a>"),
            ("<a xmlns='urn:d'><b xmlns=''/></a>", "<{urn:d}a><b></b></{urn:d}a>"),
            ("<?xml-stylesheet href='x.css'?><a/>", "<a></a>"),
            ("\u{feff}<a>é</a>", "<a>é</a>"),
            ("<a>😀</a>", "<a>😀</a>"),
        ])
    func outlines(document: String, outline: String) {
        let outcome = read(document)
        #expect(outcome.fault == nil)
        #expect(outcome.outline == outline)
    }

    @Test("every event and attribute has its line and column", arguments: ["\n", "\r\n", "\r"])
    func positions(lineEnd: String) throws {
        let lines = ["<?xml version='1.0'?>", "<a", "  xmlns:n='urn:n' b = '>'", "  n:c='2'>é<d/>", "t</a>"]
        let outcome = read(lines.joined(separator: lineEnd))
        #expect(outcome.fault == nil)
        var places: [String] = []
        for event in outcome.events {
            switch event {
            case .startElement(let start):
                places.append("\(start.name.local) \(start.position.line):\(start.position.column)")
                places += start.attributes.map { "\($0.name.local) \($0.position.line):\($0.position.column)" }
            case .text(let text): places.append("text \(text.position.line):\(text.position.column)")
            case .endElement(let end): places.append("end \(end.position.line):\(end.position.column)")
            }
        }
        #expect(
            places == [
                "a 2:1", "b 3:19", "c 4:3", "text 4:11", "d 4:12", "end 4:16", "text 4:16", "end 5:6",
            ])
    }

    @Test("lines beyond those that sixteen bits count are counted")
    func manyLines() {
        let document = "<a>" + String(repeating: "\n", count: 70_000) + "<b/></a>"
        let starts = read(document).events.compactMap { event -> Int? in
            if case .startElement(let start) = event { start.position.line } else { nil }
        }
        #expect(starts == [1, 70_001])
    }

    @Test(
        "the same document whole, in pieces and byte by byte gives the same",
        arguments: [
            "<?xml version='1.0' encoding='UTF-8'?>\r\n<!-- é -->\r\n<a b='x &amp; ü'>\r\n<c>€&#8364;<![CDATA[]]&]]>😀</c>\r</a>\n",
            "<a b='>' c='x > y'>]]<b d='>>'/>&gt;</a>", "<a b=x\"> c='y'>\n<d e=\"", "<a>x]]>y</a>",
            "<a xmlns:p='urn:p'><p:b p:c='1' d='2'>text</p:b>\n<e/></a>",
            "<a><b>text</c></a>", "<a>x & y</a>", "<a b='1' b='2'/>", "<a><q:b/></a>", "<a><b>\u{1}</b></a>",
            "<a>&unknown;</a>", "<!DOCTYPE a><a/>", "<a><?php x?></a>", "<a/><b/>", "<a/>x", "<a><b></b>", "<a b", "",
            "   ", "<", "x", "<a>]]></a>", "<a><!-- -- --></a>", "\u{feff}\u{feff}<a/>",
        ])
    func pieces(document: String) {
        let whole = read(document)
        for length in [1, 2, 3, 7, 16] {
            #expect(read(document, pieces: length) == whole, "in pieces of \(length)")
        }
    }

    @Test("an error of the source is thrown as it is")
    func sourceErrors() {
        struct Broken: Error, Equatable {}
        let reader = EventReader { _ in throw Broken() }
        #expect(throws: Broken()) { try reader.next() }
    }
}
