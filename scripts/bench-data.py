#!/usr/bin/env python3
"""Writes the drops that the bench measures; the same arguments give the same bytes.

usage: scripts/bench-data.py patients COUNT FILE       CSV: registrations, which the payments name
       scripts/bench-data.py inventory ROWS FILE       CSV: stock received, by GS1 barcode
       scripts/bench-data.py payments ROWS FILE        CSV: card payments of the first 1,000 patients
       scripts/bench-data.py registrations COUNT FILE  HL7: ADT^A28 messages in one file
"""
import csv
import os
import random
import sys

GIVEN = """Ada Amara Anna Beatriz Bruno Carla Chloe Daniel Dilek Elena Emil Farah Felix Grace Hana Hugo Ines Ivan Jakob
Jana Karim Katya Leila Liam Lotte Luca Mara Marek Mei Milan Nadia Nils Noor Olga Omar Petra Priya Rafael Rania Rosa
Samir Sara Selma Tariq Tessa Theo Uma Vera Victor Yara Yusuf Zoe""".split()
FAMILY = """Abbott Adeyemi Almeida Andersen Baptiste Berg Bianchi Brandt Castillo Cohen Dahl Demir Dubois Eriksen Farkas
Fischer Garcia Ghosh Haddad Hansen Horvat Ibrahim Ivanova Jansen Jovanovic Kaya Kim Kovacs Kumar Lange Lindgren Lopez
Marino Mensah Meyer Moreau Nakamura Novak Okafor Olsen Papadakis Park Patel Pereira Petrov Popescu Quinn Rahman Reyes
Rossi Santos Sato Schmidt Silva Singh Sokolov Suzuki Tanaka Torres Vargas Visser Wagner Walsh Weber Yilmaz Zhang""".split()
PATIENTS = 1000


def person(number):
    """A person of this number: names, birth date, sex, e-mail, telephone."""
    chance = random.Random(number)
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    born = f"{chance.randint(1940, 2005)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    mail = f"{given}.{family}.{number}@mail.example".lower()
    return given, family, born, chance.choice("FM"), mail, f"+44 20 7{number:09}"


def patients(count):
    yield "reference,given_name,family_name,birth_date,sex,email,phone,entered_by,registered_at"
    for number in range(1, count + 1):
        given, family, born, sex, mail, phone = person(number)
        yield f"REG-{number:06},{given},{family},{born},{sex},{mail},{phone},SELF,2026-10-05T09:00:00Z"


def items():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "clinic", "items.csv")
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def inventory(rows):
    stock = items()
    yield "reference,action,barcode,quantity,unit_cost,location,scanned_at"
    for number in range(rows):
        item = stock[number % len(stock)]
        # A lot comes in about twenty deliveries.
        code = f"(01){int(item['gtin']):014}(17)290131(10)L{number // (20 * len(stock)):05}"
        if item["tracking"] == "SERIAL":
            yield f"STK-{number:07},RECEIVE,{code}(21)S{number:07},1,310.00,MAIN,2026-10-05T{clock(number)}Z"
        else:
            yield f"STK-{number:07},RECEIVE,{code},{1 + number % 24},{2 + number % 9}.50,MAIN,2026-10-05T{clock(number)}Z"


def payments(rows):
    yield "reference,action,registration,amount,currency,method,processor,transaction_id,paid_at"
    for number in range(rows):
        yield (f"PAY-{number:07},PAY,REG-{1 + number * 7 % PATIENTS:06},{20 + number % 480}.{number % 100:02},GBP,CARD,"
               f"NORTHPAY,NP-{number:09},2026-11-10T{clock(number)}Z")


def registrations(count):
    for number in range(1, count + 1):
        given, family, born, sex, mail, phone = person(number)
        yield "\r".join((
            f"MSH|^~\\&|HIS|HARBOR|SUTURE|HARBOR|20261005090000||ADT^A28^ADT_A05|M{number:07}|P|2.5",
            "EVN|A28|20261005090000",
            f"PID|1||E{number:07}^^^HIS^MR||{family}^{given}||{born.replace('-', '')}|{sex}|||"
            f"{number} Mill Lane^^London^^E1 7AA^GB||{phone}^PRN^PH~^NET^Internet^{mail}",
            "PV1|1|N")) + "\r"


def clock(number):
    """A time of day for the row, from eight to eight."""
    return f"{8 + number // 3600 % 12:02}:{number // 60 % 60:02}:{number % 60:02}"


def main():
    kinds = {"patients": patients, "inventory": inventory, "payments": payments, "registrations": registrations}
    if len(sys.argv) != 4 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    ending = "" if sys.argv[1] == "registrations" else "\n"
    with open(sys.argv[3], "w", encoding="utf-8", newline="") as file:
        for line in kinds[sys.argv[1]](int(sys.argv[2])):
            file.write(line + ending)


if __name__ == "__main__":
    main()
