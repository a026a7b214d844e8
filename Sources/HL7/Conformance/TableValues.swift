/// The values of tables that fields are held to, those of all versions together (HL7 v2.9 chapter 2C).
///
/// Tables that sites fill by themselves are not here, but for those whose values the standard suggests and everybody
/// uses; a value beyond these is worth a warning alone.
enum TableValues {
    static let text = """
        0001 F M O U A N
        0004 B E I O P R C N U
        0008 AA AE AR CA CE CR
        0017 AJ CD CG PY CO
        0038 A CA CM DC ER HD IP RP SC
        0080 A N R S B SP ST
        0085 C D F I N O P R S U W X A B V
        0102 D F
        0103 D P T
        0105 L O P
        0119 AF CA CH CN CR DC DE DF DR FU HD HR LI NA NW OC OD OE OF OH OK OR PA RE RF RL RO RP RQ RR RU SC SN
          SR SS UA UC UD UF UH UM UN UR UX XO XR XX OP PR PY MC CP PG
        0121 D E F N R
        0122 CH CO CR DP GR NC PC RS
        0123 A C F I O P R S X Y Z M N
        0125 AD CE CF CK CN CP CX DT ED FT MO NM PN RP SN ST TM TN TS TX XAD XCN XON XPN XTN CNE CWE DR DTM ID
          IS MA NA AUI CCD CCP CD CNN CSU DDI DIN DLD DLN DLT DTN EI EIP ERL FC GTS HD ICD JCC LA1 LA2 MOC MOP
          MSG NDL NR OCD OSP PIP PL PLN PPN PRL PT PTA QIP QSC RCD RFR RI RMC RPT SCV SNM SPD SRT UVC VH VID VR
          WVI WVS
        0136 N Y
        0155 AL ER NE SU
        0161 G N T
        0190 B BA BDL BR C F H L M N O P RH BI S SH TM V
        0191 AP Application AU Audio FT IM Image NS SD SGML SI TEXT TX multipart
        0201 ASN BPN EMR NET ORN PRN VHN WPN PRS
        0202 BP CP FX Internet MD PH X.400 TDD TTY SAT
        0206 A D U X S
        0224 A N U
        0225 N R U
        0270 AR CD CN DI DS ED HP OP PC PH PN PR SP TS
        0271 AU DI DO IN IP LA PA
        0272 R U V
        0273 AV CA OB UN
        0275 AA AC AR PU
        0278 Blocked Booked Cancelled Complete Dc Deleted Overbook Pending Started Waitlist Noshow
        0298 F P
        0299 A Base64 Hex
        0383 CE CW EE EW NE NW OE OK OW QE QW
        0465 A I P
        0498 A B L P R X
        0516 E I W F
        """
}
