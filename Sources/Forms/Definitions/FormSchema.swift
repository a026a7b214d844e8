import Clinic

/// The XML schema of the forms, made from their definitions.
package enum FormSchema {
    /// The namespace of the forms' XML.
    package static let namespace = "urn:suture:forms:1"

    /// The XSD for one form, or for all of them.
    package static func xsd(_ forms: [FormDefinition] = FormDefinition.all) -> String {
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"\(namespace)\"",
            "           targetNamespace=\"\(namespace)\" elementFormDefault=\"qualified\">",
            "  <xs:element name=\"forms\">",
            "    <xs:complexType>",
            "      <xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">",
        ]
        lines += forms.map { "        <xs:element name=\"\($0.name)\" type=\"\($0.name)\"/>" }
        lines += [
            "      </xs:choice>", "      <xs:attribute name=\"atomic\" type=\"xs:boolean\"/>", "    </xs:complexType>",
            "  </xs:element>",
        ]
        for form in forms { lines += complexType(of: form) }
        lines += simpleTypes
        lines.append("</xs:schema>")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Elements in any order; lists repeat.
    ///
    /// Which action needs which field is the forms' business, not the schema's.
    private static func complexType(of form: FormDefinition) -> [String] {
        var lines = [
            "  <xs:complexType name=\"\(form.name)\">",
            "    <xs:annotation><xs:documentation>\(form.summary)</xs:documentation></xs:annotation>",
            "    <xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">",
        ]
        for field in form.allFields where field.field != .reference && field.field != .action {
            lines.append("      <xs:element name=\"\(field.field)\" type=\"\(typeName(field.type))\"/>")
        }
        lines += [
            "      <xs:element name=\"suture_drop\" type=\"xs:string\"/>",
            "      <xs:element name=\"suture_entry\" type=\"xs:string\"/>",
            "      <xs:element name=\"suture_code\" type=\"xs:string\"/>",
            "      <xs:element name=\"suture_reason\" type=\"xs:string\"/>",
            "    </xs:choice>",
            "    <xs:attribute name=\"reference\" type=\"identifier\" use=\"required\"/>",
            "    <xs:attribute name=\"action\">", "      <xs:simpleType><xs:restriction base=\"xs:string\">",
        ]
        lines += form.actions.map { "        <xs:enumeration value=\"\($0)\"/>" }
        lines += ["      </xs:restriction></xs:simpleType>", "    </xs:attribute>", "  </xs:complexType>"]
        return lines
    }

    private static func typeName(_ type: FieldType) -> String {
        switch type {
        case .identifier: "identifier"
        case .date: "date"
        case .instant: "instant"
        case .money: "money"
        case .integer: "number"
        case .flag: "flag"
        default: "xs:string"
        }
    }

    /// Each takes the empty value, which means leave it, and `""`, which means delete it.
    private static let simpleTypes: [String] = [
        ("identifier", "[^ ].{0,79}|"), ("date", #"[0-9]{4}-[0-9]{2}-[0-9]{2}|""|"#),
        (
            "instant",
            #"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+\-][0-9]{2}:?[0-9]{2})?|""|"#
        ), ("money", #"-?[0-9]+(\.[0-9]+)?|""|"#), ("number", #"-?[0-9]+|""|"#),
        ("flag", #"[YyNn]|[Yy][Ee][Ss]|[Nn][Oo]|[Tt]rue|[Ff]alse|TRUE|FALSE|0|1|""|"#),
    ].map { name, pattern in
        """
          <xs:simpleType name="\(name)">
            <xs:restriction base="xs:string"><xs:pattern value="\(pattern.replacingQuotes)"/></xs:restriction>
          </xs:simpleType>
        """
    }
}

extension String {
    /// Quotes as XML writes them within an attribute.
    fileprivate var replacingQuotes: String {
        split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "&quot;")
    }
}
