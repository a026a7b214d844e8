internal import CLibXML2

/// What the error numbers of libxml2 mean, for people and without what the document says: what is wrong; what would
/// mend it.
enum Reasons {
    static func reason(domain: Int32, code: Int32) -> (Fault.Code, String) {
        guard UInt32(bitPattern: domain) != XML_FROM_NAMESPACE.rawValue else { return (.namespace, namespace(code)) }
        switch xmlParserErrors(rawValue: UInt32(bitPattern: code)) {
        case XML_ERR_UNDECLARED_ENTITY, XML_WAR_UNDECLARED_ENTITY:
            return (
                .forbidden,
                "a reference to an entity other than the five of XML; write the character itself, or its number as in &#233;"
            )
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
        case XML_NS_ERR_UNDEFINED_NAMESPACE:
            "a prefix is bound to no namespace; declare it with xmlns:, or leave it out"
        case XML_NS_ERR_QNAME: "a name has a colon in the wrong place; write prefix:name, with one colon"
        case XML_NS_ERR_ATTRIBUTE_REDEFINED: "an attribute stands twice, under two prefixes of one namespace; keep one"
        default: "a namespace is declared wrongly; write xmlns=\"…\", or xmlns:prefix=\"…\""
        }
    }

    private static func malformed(_ code: Int32) -> String {
        switch xmlParserErrors(rawValue: UInt32(bitPattern: code)) {
        case XML_ERR_TAG_NAME_MISMATCH:
            "an end tag does not belong to the element that is open; close each element by its own name, the innermost first"
        case XML_ERR_ATTRIBUTE_REDEFINED: "an attribute stands twice in one tag; keep one"
        case XML_ERR_INVALID_CHAR: "a character that XML does not permit, such as a control character; remove it"
        case XML_ERR_INVALID_CHARREF, XML_ERR_INVALID_DEC_CHARREF, XML_ERR_INVALID_HEX_CHARREF:
            "a reference to a character that XML does not permit, or to none; remove it"
        case XML_ERR_LT_IN_ATTRIBUTE: "an attribute's value has a \"<\"; write it as &lt;"
        case XML_ERR_ATTRIBUTE_NOT_STARTED, XML_ERR_ATTRIBUTE_WITHOUT_VALUE:
            "an attribute has no value in quotes; write name=\"value\""
        case XML_ERR_NAME_REQUIRED, XML_ERR_ENTITYREF_NO_NAME:
            "no name follows a \"<\" or \"&\"; where they are text, write &lt; and &amp;"
        case XML_ERR_ENTITYREF_SEMICOL_MISSING:
            "a reference does not end in \";\"; where the \"&\" is text, write &amp;"
        case XML_ERR_SPACE_REQUIRED: "a blank is missing in a tag; put one before each attribute"
        case XML_ERR_GT_REQUIRED: "a tag does not end in \">\"; close it"
        case XML_ERR_HYPHEN_IN_COMMENT, XML_ERR_COMMENT_NOT_FINISHED:
            "a comment has \"--\" within, or no end; end it with -->, and take \"--\" out of it"
        case XML_ERR_CDATA_NOT_FINISHED: "a CDATA section has no end; end it with ]]>"
        case XML_ERR_MISPLACED_CDATA_END: "\"]]>\" stands in a text; write it as ]]&gt;"
        case XML_ERR_DOCUMENT_EMPTY:
            "the document does not begin with \"<\"; remove what stands before it"
        case XML_ERR_DOCUMENT_END:
            "something follows the end of the root element; remove it, or move it before that end"
        case XML_ERR_RESERVED_XML_NAME:
            "an XML declaration stands elsewhere than at the start; remove it, or what stands before it"
        case XML_ERR_VERSION_MISSING, XML_ERR_XMLDECL_NOT_FINISHED, XML_ERR_UNKNOWN_VERSION,
            XML_ERR_STANDALONE_VALUE:
            "the XML declaration is wrong; write <?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        default: "the document is not well-formed (libxml2 \(code)); write it with a program that makes XML"
        }
    }
}
