"""First names that are often part of a compound one: « Claire » in « Claire Anne Durand »."""

# In lower case, without accents; a list would take a line for each.
FIRST_NAMES = set(
    """
    adele adeline adrien agathe agnes alain albert alexandra alexandre alexis alice aline amelie anais andre andree
    angele anne annie antoine antoinette arnaud arthur audrey auguste aurelie baptiste beatrice benedicte benjamin benoit
    bernadette bernard bertrand brigitte bruno camille carole caroline catherine cecile celine chantal charles charlotte
    chloe christelle christian christiane christine christophe claire clara claude claudine clement colette corinne cyril
    damien daniel danielle david delphine denis denise didier dominique edith edouard elisabeth elise elodie emile emilie
    emma emmanuel emmanuelle eric estelle etienne eugene eva eve fabien fabienne fabrice fanny fernand florence florian
    france francis francois francoise frederic frederique gabriel gabrielle genevieve georges gerald gerard germaine
    ghislaine gilbert gilles ginette guillaume guy helene henri herve hubert hugo hugues ines irene isabelle jacqueline
    jacques jean jeanne jeannine jerome joel joelle joseph josephine josette josiane judith julie julien juliette justine
    karine laetitia laure laurence laurent lea leo leon leonie liliane lise loic louis louise luc lucas lucette lucie
    lucien lucienne ludovic lydie madeleine magali manon marc marcel marcelle margaux marguerite marianne marie marine
    marion marthe martin martine mathieu mathilde matthieu maurice max maxime melanie michel michele micheline mireille
    monique muriel myriam nadia nadine nathalie nicolas nicole noel noelle noemie odette odile olivier pascal pascale
    patrice patricia patrick paul paule paulette pauline philippe pierre pierrette quentin rachel raphael raymond
    raymonde regine regis remi remy renaud rene renee richard robert roger roland romain rose sabine samuel sandra
    sandrine sarah sebastien serge severine simon simone solange solene sophie stephane stephanie suzanne sylvain sylvie
    theo therese thibault thierry thomas valentin valerie vanessa veronique victoire victor vincent virginie viviane
    xavier yann yannick yves yvette yvonne zoe
    """.split()  # noqa: SIM905 - see above
)
