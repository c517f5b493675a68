"""Jalali and Gregorian calendars: conversion, typed dates, periods."""
