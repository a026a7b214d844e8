import Clinic
import Drops
import Forms
import Testing

@Suite("Fields of HL7 messages")
struct FieldTests {
    @Test("a registration is read with its contacts, allergies and coverage")
    func registration() throws {
        let form = try #require(try HL7Reading.message("adt-a28").forms.first)
        #expect(!form.updatesIfKnown)
        #expect(form["identifiers"] == "HIS/88214;NHS/QQ123456C")
        #expect(
            form.told == [
                "address=3 Wharf Lane", "allergies=Penicillin;Latex", "city=London", "country=GB",
                "coverage_from=2026-01-01",
                "coverage_to=2026-12-31", "email=marianne.dufour@mail.example", "emergency_contact=Luc Dufour",
                "emergency_phone=+44 20 7946 0452", "given_name=Marianne", "insurer=MERIDIAN", "language=en",
                "middle_name=Odile", "national_id=QQ123456C", "phone=+44 20 7946 0451", "policy_number=MH-778120",
                "postal_code=E1 7AA", "sex=F",
            ])
        #expect(form.sentAt == "2026-10-12T09:10:00+01:00")
    }

    @Test("a field has its line, its offset and its path in the file")
    func places() throws {
        let bytes = try HL7Reading.fixture("adt-a28")
        let form = try #require(try HL7Reading.read(bytes).entries.first?.forms.first)
        let place = try #require(form.fields[.familyName]?.place)
        #expect(place.line == 3)
        #expect(place.name == "PID-5.1")
        #expect(place.errorLocation == "PID^1^5^1^1")
        let offset = try #require(place.byteOffset)
        #expect(bytes[offset...].starts(with: Array("Dufour".utf8)))
        #expect(form.path("email") == "PID-13[2].4")
        #expect(form.path("national_id") == "PID-3[2].1")
        #expect(form.action?.place.name == "MSH-9.2")
        #expect(form.reference?.place.name == "MSH-10")
    }

    @Test("a missing field is reported at the path where it should be")
    func missing() throws {
        let text = HL7Reading.message("ADT^A28", "EVN|A28", "PID|1||7^^^HIS||^Ann||19840719|F")
        let entries = try HL7Reading.read(text)
        let typed = try HL7Reading.type(try #require(entries.first?.forms.first))
        #expect(typed.findings.map(\.finding.rule.code) == ["entry.missing-field"])
        #expect(typed.findings.first?.place.name == "PID-5.1")
        #expect(typed.findings.first?.place.errorLocation == "PID^1^5^1^1")
        #expect(typed.findings.first?.place.line == 3)
    }

    @Test("a segment that is missing altogether still has its path")
    func missingSegment() throws {
        let entries = try HL7Reading.read(HL7Reading.message("ADT^A28", "EVN|A28"))
        let typed = try HL7Reading.type(try #require(entries.first?.forms.first))
        #expect(Set(typed.findings.compactMap(\.place.name)) == ["PID-5.1", "PID-5.2", "PID-7", "PID-8"])
    }

    @Test("the delete mark deletes in a change, and is nothing in a registration")
    func deletion() throws {
        let change = try #require(try HL7Reading.message("adt-a08").forms.first)
        #expect(change["middle_name"] == "\"\"")
        let pid = "PID|1||7^^^HIS||Stone^Ann^\"\"||19840719|F|||\"\""
        let updated = try #require(try HL7Reading.read(HL7Reading.message("ADT^A31", pid)).first?.forms.first)
        #expect(updated["city"] == "\"\"")
        let registered = try #require(try HL7Reading.read(HL7Reading.message("ADT^A28", pid)).first?.forms.first)
        #expect(registered["middle_name"] == nil)
        #expect(registered["city"] == nil)
    }

    @Test("visit events register only who is not known yet")
    func visits() throws {
        #expect(try HL7Reading.message("adt-a04").forms.map(\.updatesIfKnown) == [true])
    }

    @Test("an A40 is a merge for each of its groups")
    func merges() throws {
        let forms = try HL7Reading.message("adt-a40").forms
        #expect(forms.map { $0["mrn"] } == ["10000024", "10000040"])
        #expect(forms.map { $0["into_mrn"] } == ["10000016", "10000032"])
        #expect(forms.map { $0.path("mrn") } == ["MRG-1.1", "MRG[2]-1.1"])
        #expect(forms[0]["family_name"] == "Dufour")
        #expect(forms[0]["birth_date"] == nil)
    }

    @Test("a merge of two numbers of another system names both")
    func foreignMerge() throws {
        let text = HL7Reading.message("ADT^A40", "PID|1||77^^^HIS^PI||Stone^Ann", "MRG|66^^^HIS^PI")
        let form = try #require(try HL7Reading.read(text).first?.forms.first)
        #expect(form["identifiers"] == "HIS/66")
        #expect(form["into_identifiers"] == "HIS/77")
        #expect(form["mrn"] == nil && form["into_mrn"] == nil)
        #expect(try HL7Reading.type(form).findings.isEmpty)
    }

    @Test("a changed number takes the place of the old one; the clinic's own never changes")
    func changedNumber() throws {
        let form = try #require(try HL7Reading.message("adt-a47").forms.first)
        #expect(form["former_identifiers"] == "HIS/88214")
        #expect(form["identifiers"] == "HIS/99001")
        let own = HL7Reading.message("ADT^A46", "PID|1||10000016^^^HARBOR^MR", "MRG|10000024^^^HARBOR^MR")
        let entry = try #require(try HL7Reading.read(own).first)
        #expect(entry.findings.map(\.finding.rule.code) == ["entry.bad-value"])
        let both = HL7Reading.message(
            "ADT^A46", "PID|1||10000016^^^HARBOR^MR~8^^^HIS^PI", "MRG|10000016^^^HARBOR^MR~7^^^HIS^PI")
        let kept = try #require(try HL7Reading.read(both).first)
        #expect(kept.findings.isEmpty)
        #expect(kept.forms.first?["mrn"] == "10000016")
        #expect(kept.forms.first?["former_identifiers"] == "HIS/7")
    }

    @Test("a merge of a number with itself is refused at MRG-1")
    func selfMerge() throws {
        let text = HL7Reading.message("ADT^A40", "PID|1||10000016^^^HARBOR^MR", "MRG|10000016^^^HARBOR^MR")
        let entry = try #require(try HL7Reading.read(text).first)
        #expect(entry.findings.map(\.finding.rule.code) == ["entry.bad-value"])
        #expect(entry.findings.first?.place.name == "MRG-1")
    }

    @Test(
        "a number is ours by its authority, or when it can be one of ours",
        arguments: [
            ("10000016^^^HARBOR^MR", "10000016", nil), ("4711^^^HARBOR^MR", "4711", nil), ("10000016", "10000016", nil),
            ("4711^^^^MR", nil, "NORTHSIDE/4711"), ("10000016^^^HIS^MR", nil, "HIS/10000016"),
            ("10000016^^^OTHER^PI", nil, "OTHER/10000016"), ("10000016^^^OTHER^MR", "10000016", nil),
            ("9^^^&1.2.3&ISO^PI~10000016^^^HARBOR", "10000016", "1.2.3/9"), ("a;b^^^X^PI", nil, "X/a,b"),
        ] as [(String, String?, String?)])
    func numbers(_ field: String, _ mrn: String?, _ others: String?) throws {
        let text = HL7Reading.message("ADT^A08", "PID|1||\(field)||Stone^Ann||19840719|F")
        let form = try #require(try HL7Reading.read(text).first?.forms.first)
        #expect(form["mrn"] == mrn)
        #expect(form["identifiers"] == others)
    }

    @Test("a date that is not known to the day is left as it stands and refused")
    func imprecise() throws {
        let entries = try HL7Reading.read(HL7Reading.message("ADT^A28", "PID|1||7^^^HIS||Stone^Ann||1984|F"))
        let form = try #require(entries.first?.forms.first)
        #expect(form["birth_date"] == "1984")
        #expect(try HL7Reading.type(form).findings.map(\.finding.rule.code) == ["entry.bad-value"])
    }

    @Test("a time takes the zone of MSH-7 when it has none")
    func zones() throws {
        let text = HL7Reading.message("SIU^S12", "SCH|1||||||||||^^^202610191000", "AIP|1|A|S1", "PID|1||7^^^HIS")
        let plain = try #require(try HL7Reading.read(text).first?.forms.first)
        #expect(plain["starts_at"] == "2026-10-19T10:00:00")
        let zoned = text.replacing("20261012091500", with: "20261012091500-0500")
        #expect(try HL7Reading.read(zoned).first?.forms.first?["starts_at"] == "2026-10-19T10:00:00-05:00")
    }

    @Test("a booked case has its theater, team, side and plan")
    func surgicalCase() throws {
        let form = try #require(try HL7Reading.message("siu-s12-case").forms.first)
        #expect(
            form.told == [
                "anesthetist=ANE-OKONJO", "case=HIS/SC-1", "equipment=MICROSCOPE", "minutes=120", "plan=HIS/P-1",
                "procedure=BREAST-AUG", "side=BILATERAL", "staff=SCRUB:NUR-DALY;CIRCULATING:NUR-ROWE",
                "starts_at=2026-11-23T09:00:00+00:00", "surgeon=SUR-ADEYEMI", "theater=TH-1",
            ])
        #expect(form.path("staff") == "AIP[3]-3.1")
    }

    @Test("rooms that are no theater are consultations")
    func consultation() throws {
        let form = try #require(try HL7Reading.message("siu-s12-consultation").forms.first)
        #expect(
            form.told == [
                "consultation=HIS/K-1", "kind=FIRST", "minutes=45", "reason=Wishes a fuller shape",
                "starts_at=2026-10-19T10:00:00+01:00", "surgeon=SUR-ADEYEMI",
            ])
    }

    @Test("what is pending or waits is not booked", arguments: ["Pending", "Waitlist"])
    func pending(status: String) throws {
        let text = HL7Reading.message("SIU^S12", "SCH|1" + String(repeating: "|", count: 24) + status)
        let entry = try #require(try HL7Reading.read(text).first)
        #expect(entry.isIgnored)
        #expect(entry.forms.isEmpty)
    }

    @Test("a note is sorted into its fields, line by line")
    func note() throws {
        let form = try #require(try HL7Reading.message("mdm-t02-note").forms.first)
        #expect(
            form.told == [
                "advice=Implants of 300 ml\nPhotographs taken", "consultation=HIS/K-1",
                "findings=Base width 12.5 cm\nNo masses", "goals=A fuller shape",
                "notes=Wishes discussed at length; risks explained.", "occurred_at=2026-10-19T10:50:00+01:00",
                "surgeon=SUR-ADEYEMI",
            ])
    }

    @Test("a dictated or incomplete document is not yet a note", arguments: ["DI", "IN", "DO"])
    func incompleteNote(status: String) throws {
        let txa = "TXA|1|CN|TX|||||||||D1|||||\(status)"
        #expect(try HL7Reading.read(HL7Reading.message("MDM^T02", txa, "OBX|1|TX|X||text")).first?.isIgnored == true)
    }

    @Test("a signed consent is issued and signed by both parties")
    func consent() throws {
        let forms = try HL7Reading.message("mdm-t02-consent").forms
        #expect(forms.map { $0["party"] } == [nil, nil, "PATIENT", "SURGEON"])
        #expect(forms.map { $0["signer"] } == [nil, nil, "Marianne Dufour", "Folasade Adeyemi"])
        #expect(
            forms.map { $0["signed_at"] } == [nil, nil, "2026-11-09T17:45:00+00:00", "2026-11-09T17:55:00+00:00"])
        #expect(forms[0]["plan"] == "HIS/P-1")
        #expect(forms[1]["clauses"] == "C3;C7;C13;C17")
        #expect(forms[0]["consultation"] == "HIS/K-1")
        #expect(forms[0].updatesIfKnown)
        #expect(forms.allSatisfy { $0["consent"] == "HIS/C-1" })
    }

    @Test("orders of one number are one plan")
    func plan() throws {
        let form = try #require(try HL7Reading.message("omg-o19-plan").forms.first)
        #expect(
            form.told == [
                "consultation=HIS/K-1", "details=Submuscular, through the fold", "plan=HIS/P-1",
                "planned_for=2026-11-23",
                "procedure=BREAST-AUG:BILATERAL;LIPO", "surgeon=SUR-ADEYEMI",
            ])
    }

    @Test("of a panel the results that the clinic asks for count")
    func results() throws {
        let forms = try HL7Reading.message("oru-r01").forms
        #expect(
            forms.map(\.told) == [
                [
                    "abnormal=N", "occurred_at=2026-11-12T09:30:00+00:00", "plan=HIS/P-1", "range=12.0-15.5",
                    "requirement=HB", "unit=g/dL", "value=13.6",
                ],
                [
                    "abnormal=Y", "occurred_at=2026-11-12T09:00:00+00:00", "plan=HIS/P-1", "range=0.8-1.2",
                    "requirement=COAG", "value=1.4",
                ],
            ])
        #expect(forms.map { $0.path("value") } == ["OBX-5", "OBX[3]-5"])
    }

    @Test("a preliminary result has no effect, one taken back says so")
    func resultStates() throws {
        let segments = ["OBR|1|P-1||HB", "OBX|1|NM|HB||13|||||||"]
        let preliminary = HL7Reading.message("ORU^R01", "PID|1||7^^^HIS", segments[0], "OBX|1|NM|HB||13||||||P")
        #expect(try HL7Reading.read(preliminary).first?.isIgnored == true)
        let withdrawn = HL7Reading.message("ORU^R01", "PID|1||7^^^HIS", segments[0], "OBX|1|NM|HB||13||||||W")
        let form = try #require(try HL7Reading.read(withdrawn).first?.forms.first)
        #expect(form["status"] == "W")
        #expect(form.path("status") == "OBX-11")
    }

    @Test("a result without the number of a plan leaves it to the patient's one open plan, if it names a patient")
    func planLeftOut() throws {
        let segments = ["OBR|1|||HB", "OBX|1|NM|HB||13||||||F"]
        let named = HL7Reading.message("ORU^R01", "PID|1||7^^^HIS", segments[0], segments[1])
        let known = try HL7Reading.type(try #require(try HL7Reading.read(named).first?.forms.first))
        #expect(known.findings.isEmpty)
        #expect(known.places[.plan]?.place.name == "OBR-2", "what the domain has against it is told there")
        let nobody = HL7Reading.message("ORU^R01", segments[0], segments[1])
        let unknown = try HL7Reading.type(try #require(try HL7Reading.read(nobody).first?.forms.first))
        #expect(unknown.findings.map(\.finding.fields) == [[.plan]])
        #expect(unknown.findings.map(\.place.name) == ["OBR-2"])
    }

    @Test("stock is counted and received")
    func stock() throws {
        let forms = try HL7Reading.message("inu-u05").forms
        #expect(
            forms.map(\.told) == [
                [
                    "device=HARBOR/CABINET-2", "expires_on=2029-01-31", "lot=PD7781", "quantity=21",
                    "scanned_at=2026-11-16T17:59:00+00:00", "sku=SUT-PDS-3-0",
                ],
                [
                    "device=HARBOR/CABINET-2", "expires_on=2028-06-30", "lot=SN2601", "quantity=10",
                    "scanned_at=2026-11-16T17:59:00+00:00", "sku=SPLINT-NASAL",
                ],
            ])
    }

    @Test("each FT1 is a form entry of its own")
    func financial() throws {
        let forms = try HL7Reading.message("dft-p03").forms
        try #require(forms.count == 6)
        #expect(
            forms[0].told == [
                "case=HIS/SC-1", "expires_on=2029-04-30", "lot=L2231", "quantity=1",
                "scanned_at=2026-11-23T10:05:00+00:00",
                "serial=S-00017", "side=LEFT", "sku=IMP-R-300",
            ])
        #expect(
            forms[1].told == [
                "barcode=(01)05012345001210(17)290430(10)L2231(21)S-00018", "case=HIS/SC-1", "quantity=1",
                "scanned_at=2026-11-23T10:07:00+00:00", "side=RIGHT",
            ])
        #expect(
            forms[3].told == [
                "amount=1500", "bill=B-000001", "currency=GBP", "method=CARD", "paid_at=2026-11-23T16:55:00+00:00",
                "processor=NORTHPAY", "transaction_id=TX-88",
            ])
        #expect(
            forms[4].told == [
                "amount=250", "approved_by=ADM-STERLING", "currency=GBP", "method=CASH", "original=PAY-1",
                "paid_at=2026-11-23T16:56:00+00:00", "reason=Paid twice", "requested_by=FIN-HARGREAVES",
            ])
        #expect(forms[5]["amount"] == "100.00")
        #expect(forms[5].path("amount") == "FT1[6]-12.1.1")
    }
}
