import Clinic
import ClinicTesting
import Documents
import Foundation
import Testing

@Suite("Bills")
struct BillTests {
    @Test("a bill for people and one for finance are queued when it is issued")
    func names() throws {
        let documents = try Scene().documents("bill.issued", [Scene.bill()])
        #expect(documents.map { "\($0.folder)/\($0.name)" } == ["bills/B-000001.txt", "bills/B-000001.csv"])
    }

    @Test("the bill in full")
    func inFull() throws {
        let bill = try Scene().documents("bill.issued", [Scene.bill()])[0]
        #expect(try bill.text() == Self.expected)
    }

    @Test("the sums of a bill add up by hand")
    func sums() throws {
        // 4,800.00 + 2 x 650.00 = 6,100.00; 20 % of it is 1,220.00.
        let text = try Scene().documents("bill.issued", [Scene.bill()])[0].lines()
        #expect(text.contains { $0.hasPrefix("Net ") && $0.hasSuffix(" 6100.00") })
        #expect(text.contains { $0.hasPrefix("Tax ") && $0.hasSuffix(" 1220.00") })
        #expect(text.contains { $0.hasPrefix("Total of this bill") && $0.hasSuffix(" 7320.00") })
        #expect(text.contains { $0.hasPrefix("To pay by 2026-12-07") && $0.hasSuffix(" 7320.00") })
    }

    @Test("the insurer's part and the write-off are told, and the patient pays the rest")
    func insured() throws {
        let line = Scene.line(1, "Septoplasty", price: 100_000, insurer: 60_000, writeOff: 5_000)
        let bill = Scene.bill(lines: [line], insurer: PayerID("ACME"))
        let document = try Scene().documents("bill.issued", [bill])[0]
        let text = try document.text()
        #expect(text.contains(" 1 CODE-1                      1200.00       600.00        50.00       550.00\n"))
        #expect(text.contains("Insurer         Acme Health\n"))
        #expect(text.contains("Acme Health is asked for 600.00 by us; you need not pay it."))
        #expect(try document.lines().contains { $0.hasPrefix("To pay by") && $0.hasSuffix(" 550.00") })
    }

    @Test("deposits for the plan and free credit lower what is to be paid; another plan's deposit does not")
    func deposits() throws {
        let scene = Scene()
        for (reference, plan, amount) in [("D-1", "P-1", 50_000), ("D-2", "P-2", 70_000), ("D-3", nil, 1_000)] {
            var deposit = Payment(
                source: "front-desk", reference: reference, type: .payment, mrn: Scene.mrn,
                amount: Money(minorUnits: Int64(amount)), currency: "GBP", method: "CARD", payer: .patient,
                paidAt: .at("2026-11-01T09:00:00Z"))
            deposit.plan = plan.map { PlanID($0) }
            scene.state.put(deposit)
        }
        let lines = try scene.documents("bill.issued", [Scene.bill()])[0].lines()
        #expect(lines.contains { $0.hasPrefix("From your deposits and credit") && $0.hasSuffix(" -510.00") })
        #expect(lines.contains { $0.hasPrefix("To pay by") && $0.hasSuffix(" 6810.00") })
    }

    @Test("a credit note is titled as one and names its bill")
    func creditNote() throws {
        var note = Scene.bill(2, lines: [Scene.line(2, "Implant 300 ml", quantity: -1, price: 65_000)])
        note.type = .creditNote
        note.ofBill = BillNumber(sequence: 1)
        note.reason = "Given back after the bill"
        let text = try Scene().documents("bill.issued", [note])[0].text()
        #expect(text.contains("CREDIT NOTE B-000002"))
        #expect(text.contains("Belongs to      bill B-000001\n"))
        #expect(text.contains("780.00"))
        #expect(!text.contains("To pay by"))
    }

    @Test("long names wrap within their column, and no line passes 80")
    func wide() throws {
        let long = String(repeating: "Große Weitläufigkeit ", count: 12)
        let line = Scene.line(1, long, price: 9_999_999_99)
        let documents = try Scene(patientNamed: long, String(repeating: "ß", count: 200))
            .documents("bill.issued", [Scene.bill(lines: [line])])
        #expect(try documents[0].width() == 80)
    }

    @Test("a credit note says who asked for it and who approved it, and how its tax was rounded")
    func twoPeople() throws {
        var line = Scene.line(1, "Splint", quantity: -1, price: 13)
        line.tax = Money(minorUnits: -2)
        line.patientShare = Money(minorUnits: -16)
        var note = Scene.bill(2, lines: [line])
        note.type = .creditNote
        note.ofBill = BillNumber(sequence: 1)
        note.change = .credit
        note.reason = "not used"
        note.requestedBy = StaffID("F1")
        note.approvedBy = StaffID("F2")
        note.replaces = nil
        let lines = try Scene().documents("bill.issued", [note])[0].lines()
        #expect(lines.contains("Asked for by    Fay Hill"))
        #expect(lines.contains("Approved by     Gus Lake"))
        #expect(lines.contains { $0.hasPrefix("Rounding of tax") && $0.hasSuffix(" -0.01") })
        #expect(lines.contains { $0.hasPrefix("Total of this credit note") && $0.hasSuffix(" -0.16") })
    }

    @Test("a bill in place of a cancelled one names it, and says what the insurance left to the patient")
    func replaces() throws {
        var bill = Scene.bill(3)
        bill.replaces = BillNumber(sequence: 1)
        bill.remarks = ["insurance.inactive"]
        bill.deductible = Money(minorUnits: 25_000)
        let text = try Scene().documents("bill.issued", [bill])[0].text()
        #expect(text.contains("In place of     bill B-000001, cancelled\n"))
        #expect(text.contains("The insurance was not in force on the day of the surgery and pays nothing of it."))
        #expect(text.contains("leaves the first 250.00 to the patient"))
    }

    @Test("finance gets a line per charge and one with the control totals")
    func table() throws {
        let text = try Scene().documents("bill.issued", [Scene.bill()])[1].text()
        let rows = text.components(separatedBy: "\r\n")
        #expect(rows.count == 5)
        #expect(
            rows[1] == "LINE,B-000001,INVOICE,,2026-11-23T18:00:00+00:00,2026-12-07,\(Scene.mrn),C-1,P-1,GBP,,1,"
                + "PROCEDURE,CODE-1,Breast augmentation,,,1,4800.00,4800.00,S,20.00,960.00,5760.00,0.00,0.00,5760.00,0.00,42"
        )
        #expect(
            rows[3] == "TOTAL,B-000001,INVOICE,,2026-11-23T18:00:00+00:00,2026-12-07,\(Scene.mrn),C-1,P-1,GBP,,2,"
                + ",,,,,,,6100.00,,,1220.00,7320.00,0.00,0.00,7320.00,0.00,42")
    }

    @Test("text that a spreadsheet would run is guarded, and numbers stay numbers")
    func guarded() throws {
        let line = Scene.line(1, "=HYPERLINK(\"http://x\")", quantity: -1, price: 100)
        let text = try Scene().documents("bill.issued", [Scene.bill(lines: [line])])[1].text()
        #expect(text.contains(#""'=HYPERLINK(""http://x"")""#))
        #expect(text.contains(",-1,1.00,-1.00,"))
    }

    @Test("the running export counts and sums its bills")
    func export() throws {
        let scene = Scene()
        let model = try BillExport.model(
            date: .on("2026-11-23"), sequence: 7, bills: [Scene.bill(2), Scene.bill(1)], catalog: scene.catalog,
            now: scene.now, ledgerSequence: 99)
        #expect(model.folder == "bills")
        #expect(model.name == "export-2026-11-23-000007.csv")
        let rows = try model.text().components(separatedBy: "\r\n")
        #expect(rows.count == 5)
        #expect(rows[1].hasPrefix("BILL,7,2026-11-23,B-000001,INVOICE,"))
        #expect(rows[2].hasPrefix("BILL,7,2026-11-23,B-000002,INVOICE,"))
        #expect(
            rows[3]
                == "TOTAL,7,2026-11-23,,,,,,,,,GBP,,2,4,12200.00,2440.00,14640.00,0.00,0.00,14640.00,0.00,99")
        let columns = Set(rows.dropLast().map { $0.utf8.count { $0 == UInt8(ascii: ",") } })
        #expect(columns == [22])
    }

    private static let expected = """
        Test Clinic
        1 Test Street, London, +44 20 7946 0000, desk@clinic.test
        Tax number GB000000000
        ================================================================================
        INVOICE B-000001                                               issued 2026-11-23
        ================================================================================
        Patient         Jane Doe
        MRN             10000016
        Born            1992-03-04
        Address         2 Elm Road, London
        Case            C-1
        Procedure       Breast augmentation, BILATERAL
        Surgeon         Dr. Ada Stone
        Performed on    2026-11-23

        CHARGES (GBP)
        --------------------------------------------------------------------------------
         # Description                     Qty  Unit price         Net  Tax %        Tax
        -- ------------------------------ ---- ----------- ----------- ------ ----------
         1 Breast augmentation               1     4800.00     4800.00  20.00     960.00
         2 Implant 300 ml                    2      650.00     1300.00  20.00     260.00
        --------------------------------------------------------------------------------
        Net                                                                      6100.00
        Tax                                                                      1220.00
        Total of this bill                                                       7320.00

        WHO PAYS (GBP)
        --------------------------------------------------------------------------------
         # Code                       With tax      Insurer  Written off      Patient
        -- ---------------------- ------------ ------------ ------------ ------------
         1 CODE-1                      5760.00         0.00         0.00      5760.00
         2 CODE-2                      1560.00         0.00         0.00      1560.00
           Total                       7320.00         0.00         0.00      7320.00

        TAX (GBP)
        --------------------------------------------------------------------------------
        Class                                        Rate %            Net           Tax
        ------------------------------------------ -------- -------------- -------------
        S, standard rate                              20.00        6100.00       1220.00

        TO PAY (GBP)
        --------------------------------------------------------------------------------
        The patient's part of this bill                                          7320.00
        To pay by 2026-12-07                                                     7320.00
        Please pay at the front desk, by card or by bank transfer, and give the number
        B-000001. Questions: +44 20 7946 0000, desk@clinic.test.

        --------------------------------------------------------------------------------
        No. B-000001, made 2026-11-23T18:00:00+00:00, ledger 42

        """
}
