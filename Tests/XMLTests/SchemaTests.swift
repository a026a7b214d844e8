import Testing
import XML

@Suite("Schemas")
struct SchemaTests {
    private let schema: Schema

    init() throws {
        schema = try Schema(
            Array(
                """
                <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
                    targetNamespace="urn:clinic" xmlns="urn:clinic">
                  <xs:element name="plans">
                    <xs:complexType><xs:sequence>
                      <xs:element name="plan" maxOccurs="unbounded">
                        <xs:complexType>
                          <xs:sequence>
                            <xs:element name="mrn"><xs:simpleType><xs:restriction base="xs:string">
                              <xs:pattern value="[0-9]{6}"/></xs:restriction></xs:simpleType></xs:element>
                            <xs:element name="date" type="xs:date" minOccurs="0"/>
                          </xs:sequence>
                          <xs:attribute name="action" use="required"/>
                        </xs:complexType>
                      </xs:element>
                    </xs:sequence></xs:complexType>
                  </xs:element>
                </xs:schema>
                """.utf8))
    }

    private func findings(_ plans: String, most: Int = 1000) throws -> [SchemaFinding] {
        try schema.validate(most: most, bytes: Array("<plans xmlns='urn:clinic'>\n\(plans)\n</plans>".utf8))
    }

    @Test("a document that follows its schema has no findings")
    func valid() throws {
        let plan = "<plan action='CREATE'><mrn>123456</mrn><date>2026-02-28</date></plan>\n"
        #expect(try findings(String(repeating: plan, count: 3000)) == [])
    }

    @Test("all findings are told, each with the element and its line, and without values")
    func invalid() throws {
        let found = try findings(
            """
            <plan action='CREATE'><mrn>12345</mrn></plan>
            <plan><mrn>123456</mrn></plan>
            <plan action='x'><mrn>123456</mrn>
              <date>2026-02-30</date></plan>
            <plan action='x'></plan>
            <plan action='x'><other>5</other></plan>
            <plan action='x' b='secret'><mrn>123456</mrn></plan>
            """)
        #expect(Set(found.map(\.position.line)) == [2, 3, 5, 6, 7, 8])
        #expect(found.first?.element == Name("mrn", namespace: "urn:clinic"))
        #expect(found.first?.text == "the value breaks the facet 'pattern' of its type")
        #expect(found.contains { $0.text == "the value is not of the type 'xs:date'" && $0.position.column == 3 })
        #expect(
            !found.contains { $0.text.contains("12345") || $0.text.contains("02-30") || $0.text.contains("secret") })
    }

    @Test("an unknown root is a finding")
    func unknownRoot() throws {
        let found = try schema.validate(bytes: Array("<other/>".utf8))
        #expect(found.count == 1)
        #expect(found.first?.element == Name("other"))
    }

    @Test("findings are told up to a number")
    func manyFindings() throws {
        let wrong = String(repeating: "<plan action='x'><mrn>1</mrn></plan>", count: 2000)
        #expect(try findings(wrong).count == 1000)
        #expect(try findings(wrong, most: 7).count == 7)
    }

    @Test(
        "a document that is refused is refused here as well",
        arguments: ["<!DOCTYPE plans><plans/>", "<plans>", "<a:b/>"])
    func refused(document: String) {
        let expected = read(document).fault
        #expect(expected != nil)
        do {
            _ = try schema.validate(bytes: Array(document.utf8))
            Issue.record("no fault")
        } catch {
            #expect(error as? Fault == expected)
        }
    }

    @Test("a document cannot bring a schema of its own")
    func schemaLocation() throws {
        let found = try schema.validate(
            bytes: Array(
                """
                <plans xmlns='urn:clinic' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'
                  xsi:schemaLocation='urn:x http://localhost/x.xsd'><plan action='x'><mrn>123456</mrn></plan></plans>
                """.utf8))
        #expect(found == [])
    }

    @Test("a schema that is none is refused with its line")
    func brokenSchema() {
        let broken =
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\n<xs:element name='a' type='none'/></xs:schema>"
        do {
            _ = try Schema(Array(broken.utf8))
            Issue.record("compiled")
        } catch {
            #expect(error.line == 2)
        }
        #expect(throws: Schema.CompileFault.self) { try Schema(Array("<xs".utf8)) }
    }
}
