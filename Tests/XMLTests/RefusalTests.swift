import Testing
import XML

@Suite("Documents that are refused")
struct RefusalTests {
    @Test(
        "a DOCTYPE is refused whatever it holds, before anything of it is read",
        arguments: [
            "<!DOCTYPE a><a/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
            "<!DOCTYPE a [<!ENTITY % x SYSTEM \"http://localhost/x.dtd\"> %x;]><a/>",
            "<!DOCTYPE a SYSTEM \"http://localhost/a.dtd\"><a/>",
            "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><a>&b;</a>",
            "<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>",
            "<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE never ends",
        ])
    func doctypes(document: String) {
        let outcome = read(document)
        #expect(outcome.fault?.code == .forbidden)
        #expect(outcome.events.isEmpty)
    }

    @Test(
        "instructions and entities are refused",
        arguments: [
            "<a><?php echo 1 ?></a>", "<?php x?><a/>", "<a/><?x y?>", "<a><?xml-stylesheet x?></a>", "<a>&nbsp;</a>",
            "<a b='&x;'/>",
        ])
    func forbidden(document: String) {
        #expect(read(document).fault?.code == .forbidden)
    }

    @Test(
        "inclusions are refused, as root or within",
        arguments: [
            "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>",
            "<a xmlns:xi='http://www.w3.org/2001/XInclude'><b><xi:include href='x' parse='text'/></b></a>",
            "<a><include xmlns='http://www.w3.org/2003/XInclude' href='http://localhost/'/></a>",
        ])
    func inclusions(document: String) {
        #expect(read(document).fault?.code == .forbidden)
    }

    @Test(
        "what is not well-formed is refused",
        arguments: [
            "<a></b>", "<a b='1' b='2'/>", "<a b=1/>", "<a b/>", "<a><b></a></b>", "<a>\u{8}</a>", "<a>&#0;</a>",
            "<a>&#xD800;</a>", "<a>\u{ffff}</a>", "<a/><a/>", "<a/>x", "x", "<a>]]></a>", "<a><!-- -- --></a>",
            "<a b='<'/>", " <?xml version='1.0'?><a/>", "<a><![CDATA x]]></a>", "<a>& </a>", "<a>&lt</a>", "<1/>",
            "<a>\u{0}</a>", "\u{feff}\u{feff}<a/>", "<a><!ELEMENT b></a>", "<a b='1'c='2'/>",
        ])
    func malformed(document: String) {
        #expect(read(document).fault?.code == .malformed)
    }

    @Test(
        "a document that ends too soon is told as incomplete",
        arguments: [
            "", " ", "<", "<a", "<a>", "<a><b/>", "<a>text", "<a><!-- ", "<a><![CDATA[x", "<a/><!-- x", "<a></a",
        ])
    func incomplete(document: String) {
        #expect(read(document).fault?.code == .incomplete)
    }

    @Test("a document cut anywhere is never taken as whole")
    func truncation() {
        let document = Array("<?xml version='1.0'?><a b='é'><c>x&amp;y<![CDATA[z]]></c><!-- d --><e/></a>".utf8)
        #expect(read(document).fault == nil)
        for length in 0..<document.count {
            let code = read(Array(document.prefix(length))).fault?.code
            #expect(code == .incomplete || code == .undecodable, "cut after \(length) bytes")
        }
    }

    @Test(
        "prefixes must be bound, and well",
        arguments: [
            "<p:a/>", "<a p:b='1'/>", "<a xmlns:p=''/>", "<a xmlns:x='urn:1' xmlns:y='urn:1' x:b='1' y:b='2'/>",
            "<a xmlns:xml='urn:x'/>", "<a xmlns:xmlns='urn:x'/>", "<a:b:c xmlns:a='urn:a'/>",
            "<a><p:b xmlns:q='urn:q'/></a>",
        ])
    func namespaces(document: String) {
        #expect(read(document).fault?.code == .namespace)
    }

    @Test("depth, attributes, names and texts have limits, and what is within them passes")
    func limits() {
        var limits = Limits()
        limits.depth = 3
        limits.attributes = 2
        limits.name = 4
        limits.text = 5
        func code(_ document: String) -> Fault.Code? { read(document, limits: limits).fault?.code }
        #expect(code("<a><a><a/></a></a>") == nil)
        #expect(code("<a><a><a><a/></a></a></a>") == .tooDeep)
        #expect(code("<a b='=' c='='/>") == nil)
        #expect(code("<a b='' c='' d=''/>") == .tooLarge)
        #expect(code("<abcd bcde=''/>") == nil)
        #expect(code("<abcde/>") == .tooLarge)
        #expect(code("<a abcde=''/>") == .tooLarge)
        #expect(code("<p:abc xmlns:p='u'/>") == .tooLarge)
        #expect(code("<a b='12345'>12345</a>") == nil)
        #expect(code("<a b='123456'/>") == .tooLarge)
        #expect(code("<a>12<!-- -->3456</a>") == .tooLarge)
    }

    @Test("a tag of a hundred thousand attributes is refused at the sixty-fifth")
    func manyAttributes() {
        let document = "<a " + (0..<100_000).map { "b\($0)=''" }.joined(separator: " ") + "/>"
        let fault = read(document).fault
        #expect(fault?.code == .tooLarge)
        #expect(fault?.position.offset ?? .max < 1000)
    }

    @Test("a document of ever new names or namespaces is refused")
    func manyNames() {
        let names = "<a>" + (0..<20_000).map { "<n\($0)/>" }.joined() + "</a>"
        #expect(read(names).fault?.code == .tooLarge)
        let namespaces = "<a>" + (0..<20_000).map { "<b xmlns:p='urn:\($0)'/>" }.joined() + "</a>"
        #expect(read(namespaces).fault?.code == .tooLarge)
    }

    @Test("a hundred thousand levels are refused at the sixty-fifth")
    func manyLevels() {
        let fault = read(String(repeating: "<a>", count: 100_000)).fault
        #expect(fault == Fault(.tooDeep, at: Position(line: 1, column: 193, offset: 192), fault?.text ?? ""))
    }

    @Test(
        "little is taken of a document that never ends",
        arguments: [
            ("<!DOCTYPE a [<!ENTITY b '", "x", 1), ("<a>", "<a>", 1), ("<a ", "b='' ", 1), ("<a><", "n", 1),
            ("<a b='", "x", 20), ("<a><!-- ", "x", 20), ("<a><b>", "text", 20), ("<a><b>", "<c/>", 4),
            ("<a><b><![CDATA[", "x", 20), ("<a><?xml-stylesheet ", "x", 20), ("<a>", "&#65;", 20),
            ("<x:include xmlns:x='http://www.w3.org/2001/XInclude'>", "<a/>", 1), ("<a>", "&b;", 20),
        ])
    func endless(opening: String, filler: String, pieces: Int) {
        var taken = 0
        let reader = Array(String(repeating: filler, count: 65_536 / filler.utf8.count).utf8)
        do {
            let entries = try EntryReader { most in
                defer { taken += 1 }
                return taken == 0 ? Array(opening.utf8) : Array(reader.prefix(most))
            }
            while try entries.next() != nil {}
            Issue.record("it ended")
        } catch {
            let codes: [Fault.Code] = [.forbidden, .tooLarge, .tooDeep]
            #expect((error as? Fault).map { codes.contains($0.code) } == true, "\(error)")
        }
        #expect(taken <= pieces + 2, "in pieces of 64 KiB")
    }

    @Test("markup that never ends is refused when it grows too large")
    func endlessMarkup() {
        var limits = Limits()
        limits.entry = 100_000
        limits.text = 100_000
        let filler = String(repeating: "x", count: 300_000)
        for opening in ["<a b='", "<!-- ", "<a><b>", "<a><b><!-- ", "<a><b c='", "<?xml-stylesheet "] {
            #expect(read(opening + filler, limits: limits).fault?.code == .tooLarge, "\(opening)")
        }
    }

    @Test("a fault has its place, and repeats nothing of the document")
    func places() throws {
        let fault = try #require(read("<a>\n  <secret>1234</wrong>\n</a>").fault)
        #expect(fault.position.line == 2)
        #expect(!fault.description.contains("1234"))
        #expect(!fault.description.contains("secret"))
        #expect(fault.description.hasSuffix("(xml.malformed)"))
    }
}
