internal import CLibXML2

/// What the error numbers of libxml2 mean, for people and without what the document says.
enum Reasons {
    static func reason(domain: Int32, code: Int32) -> (Fault.Code, String) {
        guard UInt32(bitPattern: domain) != XML_FROM_NAMESPACE.rawValue else { return (.namespace, namespace(code)) }
        switch xmlParserErrors(rawValue: UInt32(bitPattern: code)) {
        case XML_ERR_UNDECLARED_ENTITY, XML_WAR_UNDECLARED_ENTITY:
            return (.forbidden, "a reference to an entity other than the five of XML")
        case XML_ERR_NAME_TOO_LONG:
            return (.tooLarge, "a name is too long")
        case XML_ERR_INTERNAL_ERROR, XML_ERR_NO_MEMORY,
            XML_ERR_ATTRIBUTE_NOT_FINISHED where code == 1 || code == 2:
            return (.tooLarge, "a part of the document is too long")
        default:
            return (.malformed, malformed(code))
        }
    }

    /// Whether an error is that the text ends where an element was still to begin or to end.
    static func isEnd(domain: Int32, code: Int32) -> Bool {
        let ends = [XML_ERR_DOCUMENT_EMPTY, XML_ERR_DOCUMENT_END, XML_ERR_TAG_NOT_FINISHED]
        return UInt32(bitPattern: domain) == XML_FROM_PARSER.rawValue
            && ends.contains(xmlParserErrors(rawValue: UInt32(bitPattern: code)))
    }

    private static func namespace(_ code: Int32) -> String {
        switch xmlParserErrors(rawValue: UInt32(bitPattern: code)) {
        case XML_NS_ERR_UNDEFINED_NAMESPACE: "a prefix is bound to no namespace"
        case XML_NS_ERR_QNAME: "a name has a colon in the wrong place"
        case XML_NS_ERR_ATTRIBUTE_REDEFINED: "an attribute stands twice, under two prefixes of one namespace"
        default: "a namespace is declared wrongly"
        }
    }

    private static func malformed(_ code: Int32) -> String {
        switch xmlParserErrors(rawValue: UInt32(bitPattern: code)) {
        case XML_ERR_TAG_NAME_MISMATCH: "an end tag does not belong to the element that is open"
        case XML_ERR_ATTRIBUTE_REDEFINED: "an attribute stands twice"
        case XML_ERR_INVALID_CHAR: "a character that XML does not permit"
        case XML_ERR_INVALID_CHARREF, XML_ERR_INVALID_DEC_CHARREF, XML_ERR_INVALID_HEX_CHARREF:
            "a reference to a character that XML does not permit"
        case XML_ERR_LT_IN_ATTRIBUTE: "an attribute value has a \"<\""
        case XML_ERR_ATTRIBUTE_NOT_STARTED, XML_ERR_ATTRIBUTE_WITHOUT_VALUE: "an attribute has no quoted value"
        case XML_ERR_NAME_REQUIRED, XML_ERR_ENTITYREF_NO_NAME: "a name is missing"
        case XML_ERR_ENTITYREF_SEMICOL_MISSING: "a reference does not end in \";\""
        case XML_ERR_SPACE_REQUIRED: "a space is missing"
        case XML_ERR_GT_REQUIRED: "a tag does not end in \">\""
        case XML_ERR_HYPHEN_IN_COMMENT, XML_ERR_COMMENT_NOT_FINISHED: "a comment has \"--\" within, or no end"
        case XML_ERR_CDATA_NOT_FINISHED: "a CDATA section has no end"
        case XML_ERR_MISPLACED_CDATA_END: "\"]]>\" stands in a text"
        case XML_ERR_DOCUMENT_EMPTY: "the document does not begin with \"<\""
        case XML_ERR_DOCUMENT_END: "something follows the root element"
        case XML_ERR_RESERVED_XML_NAME: "an XML declaration stands elsewhere than at the start"
        case XML_ERR_VERSION_MISSING, XML_ERR_XMLDECL_NOT_FINISHED, XML_ERR_UNKNOWN_VERSION,
            XML_ERR_STANDALONE_VALUE:
            "the XML declaration is wrong"
        default: "the document is not well-formed (libxml2 \(code))"
        }
    }
}
